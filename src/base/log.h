// One structured log to stderr. Never personal data: log keys and element ids, not values.
#pragma once
#include <string_view>

namespace base::log {
enum class Level { debug, info, warning, error, none };
void set_level(Level);
void write(Level, std::string_view room, std::string_view message);
inline void debug(std::string_view room, std::string_view m) { write(Level::debug, room, m); }
inline void info(std::string_view room, std::string_view m) { write(Level::info, room, m); }
inline void warning(std::string_view room, std::string_view m) { write(Level::warning, room, m); }
inline void error(std::string_view room, std::string_view m) { write(Level::error, room, m); }
}  // namespace base::log
