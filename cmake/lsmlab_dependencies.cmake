# The packages that lsmlab stands on, found the same way by the build and by an installed
# lsmlab-config.cmake. Every one of them is a package of the distribution; see adr/0002.

# lz4, zstd and xxHash come without a CMake package on most systems: a header and a library do.
function(lsmlab_find_plain_library name header)
    if(TARGET lsmlab_dependency::${name})
        return()
    endif()
    find_path(LSMLAB_${name}_INCLUDE_DIR ${header})
    find_library(LSMLAB_${name}_LIBRARY ${name})
    mark_as_advanced(LSMLAB_${name}_INCLUDE_DIR LSMLAB_${name}_LIBRARY)
    if(NOT LSMLAB_${name}_INCLUDE_DIR OR NOT LSMLAB_${name}_LIBRARY)
        message(FATAL_ERROR "lsmlab needs ${name} (${header} and lib${name}): "
                            "on Debian, apt-get install lib${name}-dev")
    endif()
    add_library(lsmlab_dependency::${name} UNKNOWN IMPORTED GLOBAL)
    set_target_properties(lsmlab_dependency::${name} PROPERTIES
        IMPORTED_LOCATION "${LSMLAB_${name}_LIBRARY}")
    # Naming the compiler's own folder again would put it before the standard library's.
    if(NOT LSMLAB_${name}_INCLUDE_DIR IN_LIST CMAKE_CXX_IMPLICIT_INCLUDE_DIRECTORIES)
        set_target_properties(lsmlab_dependency::${name} PROPERTIES
            INTERFACE_INCLUDE_DIRECTORIES "${LSMLAB_${name}_INCLUDE_DIR}")
    endif()
endfunction()

# yaml-cpp renamed its target in 0.8.
function(lsmlab_name_yaml_cpp)
    if(TARGET lsmlab_dependency::yaml-cpp)
        return()
    endif()
    add_library(lsmlab_dependency::yaml-cpp INTERFACE IMPORTED GLOBAL)
    if(TARGET yaml-cpp::yaml-cpp)
        target_link_libraries(lsmlab_dependency::yaml-cpp INTERFACE yaml-cpp::yaml-cpp)
    else()
        target_link_libraries(lsmlab_dependency::yaml-cpp INTERFACE yaml-cpp)
    endif()
endfunction()

# In an installed package a dependency that is missing makes the package not found.
macro(lsmlab_find_package)
    if(CMAKE_FIND_PACKAGE_NAME STREQUAL "lsmlab")
        find_dependency(${ARGV})
    else()
        find_package(${ARGV} REQUIRED)
    endif()
endmacro()

# lsmlab_find_dependencies(<core|experiment|cli>...): core is what the embedded tree needs.
macro(lsmlab_find_dependencies)
    foreach(lsmlab_part ${ARGN})
        if(lsmlab_part STREQUAL "core")
            lsmlab_find_package(Threads)
            lsmlab_find_package(Boost 1.81 CONFIG)
            lsmlab_find_package(fmt)
            lsmlab_find_plain_library(lz4 lz4.h)
            lsmlab_find_plain_library(zstd zstd.h)
            lsmlab_find_plain_library(xxhash xxhash.h)
        elseif(lsmlab_part STREQUAL "experiment")
            lsmlab_find_package(yaml-cpp)
            lsmlab_name_yaml_cpp()
            lsmlab_find_package(nlohmann_json 3.7)
        elseif(lsmlab_part STREQUAL "cli")
            lsmlab_find_package(Boost 1.81 CONFIG COMPONENTS program_options)
        endif()
    endforeach()
endmacro()
