# lsm_library(<folder> [SOURCE_DIR <dir>] [DEPENDS <folder>...] [LINK <target>...] [EXCLUDE <file>...])
#
# One static library lsm_<folder> from all *.cpp below framework/<folder> (or SOURCE_DIR), picked up
# without listing them. A folder of headers alone becomes an INTERFACE library. DEPENDS are the
# arrows of the house, LINK the packages; both are passed on to whoever links this.
function(lsm_library folder)
    cmake_parse_arguments(PARSE_ARGV 1 arg "" "SOURCE_DIR" "DEPENDS;LINK;EXCLUDE")
    if(NOT arg_SOURCE_DIR)
        set(arg_SOURCE_DIR "framework/${folder}")
    endif()
    file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${arg_SOURCE_DIR}/*.cpp")
    foreach(excluded ${arg_EXCLUDE})
        list(REMOVE_ITEM sources "${PROJECT_SOURCE_DIR}/${arg_SOURCE_DIR}/${excluded}")
    endforeach()

    set(target lsm_${folder})
    if(sources)
        add_library(${target} STATIC ${sources})
        set(scope PUBLIC)
    else()
        add_library(${target} INTERFACE)
        set(scope INTERFACE)
    endif()
    set_target_properties(${target} PROPERTIES EXPORT_NAME ${folder})
    target_include_directories(${target} ${scope}
        $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}> $<INSTALL_INTERFACE:include/lsmlab>)
    target_compile_features(${target} ${scope} cxx_std_20)
    # Code in headers takes part in results too, wherever it is compiled.
    target_compile_options(${target} INTERFACE $<INSTALL_INTERFACE:-ffp-contract=off>)
    foreach(dependency ${arg_DEPENDS})
        target_link_libraries(${target} ${scope} lsm_${dependency})
    endforeach()
    target_link_libraries(${target} ${scope} ${arg_LINK})
    set_property(GLOBAL APPEND PROPERTY LSMLAB_LIBRARIES ${target})
endfunction()
