// A file of the repository inside the binary. The source file needs SAGSGANG_ROOT and an OBJECT_DEPENDS on the file
// (cmake/Rooms.cmake: embeds()).
#pragma once
#include <string_view>

// At namespace scope, outside any namespace: EMBED_FILE(symbol, "path/from/the/root"); then EMBEDDED(symbol) is its text.
#define EMBED_FILE(symbol, path)                                                                          \
  __asm__(".section .rodata\n.global embedded_" #symbol "\n.global embedded_" #symbol "_end\n"            \
          "embedded_" #symbol ":\n.incbin \"" SAGSGANG_ROOT "/" path "\"\nembedded_" #symbol "_end:\n"    \
          ".byte 0\n.previous\n");                                                                        \
  extern "C" const char embedded_##symbol[];                                                              \
  extern "C" const char embedded_##symbol##_end[]
#define EMBEDDED(symbol) std::string_view(embedded_##symbol, static_cast<std::size_t>(embedded_##symbol##_end - embedded_##symbol))
