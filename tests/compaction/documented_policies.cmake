# The policies that the guide prints are taken out of its text, so that the text compiles and is tested: its first blocks of
# C++, in this order.
set(guide "${PROJECT_SOURCE_DIR}/docs/guide/writing-a-policy.md")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${guide}")
file(READ "${guide}" text)
foreach(policy two_level one_by_one)
    string(FIND "${text}" "```cpp\n" begin)
    math(EXPR begin "${begin} + 7")
    string(SUBSTRING "${text}" ${begin} -1 text)
    string(FIND "${text}" "```" end)
    string(SUBSTRING "${text}" 0 ${end} code)
    string(SUBSTRING "${text}" ${end} -1 text)
    file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/documented/guide/compaction/${policy}.hpp"
         CONTENT "${code}" @ONLY)
endforeach()
foreach(target test_compaction test_simulate)
    target_include_directories(${target} PRIVATE "${PROJECT_BINARY_DIR}/documented")
endforeach()
