# How everything in the tree is compiled. Results must not depend on the machine, so floating
# point is neither contracted nor relaxed, whatever the optimisation level.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_CXX_SCAN_FOR_MODULES OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

get_property(is_multi_config GLOBAL PROPERTY GENERATOR_IS_MULTI_CONFIG)
if(NOT is_multi_config AND NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Release or Debug" FORCE)
endif()
# -O2 rather than CMake's -O3: it compiles faster and measures the same here.
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
# Debug names an index past the end of a vector, which a policy under way is prone to.
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g1 -D_GLIBCXX_ASSERTIONS")

if(NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
    find_program(LSMLAB_CCACHE ccache)
    mark_as_advanced(LSMLAB_CCACHE)
    if(LSMLAB_CCACHE)
        set(CMAKE_CXX_COMPILER_LAUNCHER "${LSMLAB_CCACHE}")
    endif()
endif()

add_compile_options(-ffp-contract=off)
set(LSMLAB_WARNING_OPTIONS
    -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC 12 reports overlaps and overreads inside std::string that cannot happen (GCC bug 105651).
    list(APPEND LSMLAB_WARNING_OPTIONS -Wno-restrict -Wno-stringop-overread)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # libstdc++ 12 makes std::stable_sort call what it deprecates itself.
    list(APPEND LSMLAB_WARNING_OPTIONS -Wno-deprecated-declarations)
endif()
if(LSMLAB_WARNINGS_AS_ERRORS)
    list(APPEND LSMLAB_WARNING_OPTIONS -Werror)
endif()
add_compile_options(${LSMLAB_WARNING_OPTIONS})

if(LSMLAB_SANITIZE)
    string(REPLACE ";" "," sanitizers "${LSMLAB_SANITIZE}")
    add_compile_options(-fsanitize=${sanitizers} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${sanitizers})
endif()

if(LSMLAB_FUZZ)
    if(NOT CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
        message(FATAL_ERROR "LSMLAB_FUZZ needs Clang: libFuzzer is a part of it")
    endif()
    # Coverage in all of our code, for the fuzzer to see where an input leads.
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()

if(LSMLAB_MUSEUM)
    add_compile_definitions(LSMLAB_MUSEUM)
endif()
