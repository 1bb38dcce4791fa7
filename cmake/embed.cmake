# lsm_embed(<target> <function> FILES <file>...)
#
# Puts files into a library as they are. `const lsm::EmbeddedFile* lsm::<function>()`, which
# framework/page/page.hpp declares, then points to one entry per file, in the order given, and a
# nameless one at the end. An entry's name is the file's name without its folder. The assembler's
# .incbin does it: no copy of a file as C++ source, no time spent on compiling one.
function(lsm_embed target function)
    cmake_parse_arguments(PARSE_ARGV 2 arg "" "" "FILES")
    set(symbols "")
    set(entries "")
    set(paths "")
    foreach(file ${arg_FILES})
        get_filename_component(path "${file}" ABSOLUTE BASE_DIR "${PROJECT_SOURCE_DIR}")
        get_filename_component(name "${path}" NAME)
        string(MAKE_C_IDENTIFIER "lsmlab_embedded_${name}" symbol)
        string(APPEND symbols
            "asm(\".section .rodata\\n\"\n"
            "    \".global ${symbol}, ${symbol}_end\\n\"\n"
            "    \"${symbol}: .incbin \\\"${path}\\\"\\n\"\n"
            "    \"${symbol}_end: .byte 0\\n\"\n"
            "    \".previous\\n\");\n"
            "extern \"C\" const char ${symbol}[];\n"
            "extern \"C\" const char ${symbol}_end[];\n")
        string(APPEND entries "        {\"${name}\", ${symbol}, ${symbol}_end},\n")
        list(APPEND paths "${path}")
    endforeach()

    set(source "${PROJECT_BINARY_DIR}/embedded/${target}_${function}.cpp")
    file(CONFIGURE OUTPUT "${source}" @ONLY CONTENT
"// Made by cmake/embed.cmake.
#include \"framework/page/page.hpp\"

@symbols@
namespace lsm {

const EmbeddedFile* @function@() {
    static const EmbeddedFile files[] = {
@entries@        {{}, nullptr, nullptr}};
    return files;
}

}  // namespace lsm
")
    target_sources(${target} PRIVATE "${source}")
    set_source_files_properties("${source}" PROPERTIES OBJECT_DEPENDS "${paths}")
endfunction()
