# cmake --install: the binary, the libraries, the headers, and a CMake package that gives
# lsmlab::lsmlab. The package can also be used from the build folder, as the tests do.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(LSMLAB_PACKAGE_DIR "${CMAKE_INSTALL_LIBDIR}/cmake/lsmlab")

# What a program that embeds the tree links to: the tree and everything below it.
add_library(lsmlab_library INTERFACE)
set_target_properties(lsmlab_library PROPERTIES EXPORT_NAME lsmlab)
target_link_libraries(lsmlab_library INTERFACE lsm_tree)
add_library(lsmlab::lsmlab ALIAS lsmlab_library)

get_property(libraries GLOBAL PROPERTY LSMLAB_LIBRARIES)
list(REMOVE_ITEM libraries lsm_cli)
install(TARGETS lsmlab_library lsm_policies ${libraries} EXPORT lsmlab-targets
        ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(EXPORT lsmlab-targets NAMESPACE lsmlab:: DESTINATION "${LSMLAB_PACKAGE_DIR}")
export(EXPORT lsmlab-targets NAMESPACE lsmlab:: FILE "${PROJECT_BINARY_DIR}/lsmlab-targets.cmake")
configure_file("${PROJECT_SOURCE_DIR}/cmake/lsmlab_dependencies.cmake"
               "${PROJECT_BINARY_DIR}/lsmlab_dependencies.cmake" COPYONLY)
if(TARGET lsmlab)
    install(TARGETS lsmlab RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endif()

# Headers keep their paths, so that code reads the same inside and outside this repository.
foreach(folder framework policies workloads)
    if(IS_DIRECTORY "${PROJECT_SOURCE_DIR}/${folder}")
        install(DIRECTORY "${PROJECT_SOURCE_DIR}/${folder}"
                DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/lsmlab"
                FILES_MATCHING PATTERN "*.hpp" PATTERN "cli" EXCLUDE PATTERN "vendor" EXCLUDE)
    endif()
endforeach()

configure_package_config_file("${PROJECT_SOURCE_DIR}/cmake/lsmlab-config.cmake.in"
    "${PROJECT_BINARY_DIR}/lsmlab-config.cmake" INSTALL_DESTINATION "${LSMLAB_PACKAGE_DIR}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/lsmlab-config-version.cmake"
    COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/lsmlab-config.cmake"
              "${PROJECT_BINARY_DIR}/lsmlab-config-version.cmake"
              "${PROJECT_SOURCE_DIR}/cmake/lsmlab_dependencies.cmake"
        DESTINATION "${LSMLAB_PACKAGE_DIR}")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
