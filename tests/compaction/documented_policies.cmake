# The policy that the guide prints is taken out of its text, so that the text compiles and is tested.
set(guide "${PROJECT_SOURCE_DIR}/docs/guide/writing-a-policy.md")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${guide}")
file(READ "${guide}" text)
string(FIND "${text}" "```cpp\n" begin)
string(SUBSTRING "${text}" ${begin} -1 text)
string(SUBSTRING "${text}" 7 -1 text)
string(FIND "${text}" "```" end)
string(SUBSTRING "${text}" 0 ${end} code)
file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/documented/guide/compaction/two_level.hpp"
     CONTENT "${code}" @ONLY)
foreach(target test_compaction test_simulate)
    target_include_directories(${target} PRIVATE "${PROJECT_BINARY_DIR}/documented")
endforeach()
