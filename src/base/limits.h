// Every limit on untrusted input, by name and with its reason. A caller may lower one through an option.
#pragma once
#include <cstddef>
#include <cstdint>

namespace base::limits {

inline constexpr std::size_t kXmlBytes = 20u << 20;       // largest MIWG export is 1 MB; 20 MB leaves room for embedded PDFs
inline constexpr int kXmlDepth = 256;                     // deepest real model seen: 23
inline constexpr std::size_t kXmlNodes = 2'000'000;       // bounds memory at about 400 MB
inline constexpr std::size_t kXmlAttributes = 256;        // per element
inline constexpr std::size_t kJsonBytes = 16u << 20;      // one request body
inline constexpr int kJsonDepth = 128;                    // simdjson itself stops at 1024
inline constexpr std::size_t kYamlBytes = 2u << 20;       // a package's arbejdsgang.yaml is about 5 kB
inline constexpr int kYamlDepth = 64;
inline constexpr std::size_t kYamlNodes = 200'000;
inline constexpr double kDiagramSide = 100'000;           // pixels from the origin: 1000 tasks in a row, and no overflow
inline constexpr double kPictureSide = 32'000;            // cairo's image surfaces end at 32767
inline constexpr double kPicturePixels = 40'000'000;      // 160 MB of bitmap
inline constexpr std::size_t kFeelTextBytes = 256u << 10; // one expression
inline constexpr int kFeelDepth = 200;                    // nesting of an expression
inline constexpr std::uint64_t kFeelSteps = 10'000'000;   // per evaluation: about one second
inline constexpr std::size_t kFeelListItems = 1'000'000;  // a for over a range
inline constexpr std::size_t kFeelStringBytes = 10u << 20;
inline constexpr std::uint32_t kFeelValueDepth = 128;     // lists in lists; JSON's own depth
inline constexpr std::uint32_t kFeelValueWeight = 8'000'000;  // nodes of one value: bounds what walks it
inline constexpr std::size_t kFeelStackBytes = 3u << 20;  // of evaluation; threads have 8 MB
inline constexpr std::uint64_t kFeelParseSteps = 4'000'000;  // tokens looked at, backtracking included
inline constexpr int kFeelCallDepth = 500;                // recursion of user functions
inline constexpr std::uint32_t kRegexMatch = 1'000'000;   // PCRE2 match limit
inline constexpr std::size_t kTableRules = 100'000;
inline constexpr std::size_t kTraceStoppedRules = 200;    // of one table in a trace: what a person reads; the rest is counted
inline constexpr std::size_t kTableIndexEvents = 2'000'000;  // ends of stretches in one table's index: about 80 MB; further columns are scanned
inline constexpr std::size_t kBoxedEntries = 2'000;        // of one boxed context, relation or list of parameters: names are looked up by each expression after them
inline constexpr std::size_t kTableCheckWork = 20'000'000; // steps of the search for overlaps and gaps: about a tenth of a second
inline constexpr std::size_t kTableCheckColumns = 64;    // the search is one call deep for each input
inline constexpr std::size_t kHttpBodyBytes = 32u << 20;  // a zip of packages
inline constexpr std::size_t kHttpHeaderBytes = 16u << 10;
inline constexpr std::size_t kHttpConnections = 1'000;
inline constexpr std::size_t kHttpHeaders = 100;          // browsers send about 20
inline constexpr std::size_t kHttpAnonymousBytes = 64u << 10;  // body of who has not signed in: a user name and a password
inline constexpr std::int64_t kHttpIdleMs = 75'000;       // a kept connection between two requests
inline constexpr std::int64_t kHttpHeaderMs = 10'000;     // first to last byte of a header: stops slow senders
inline constexpr std::int64_t kHttpBodyMs = 60'000;       // a whole body, or a whole answer
inline constexpr std::size_t kEventQueueBytes = 256u << 10;  // unread events of one browser before it is disconnected
inline constexpr std::size_t kVariablesBytes = 4u << 20;  // one command's variables
inline constexpr std::size_t kPageItems = 1'000;          // one page of a search
inline constexpr std::size_t kPackageFiles = 500;
inline constexpr std::size_t kPackageBytes = 64u << 20;
inline constexpr std::uint32_t kMultiInstanceItems = 1'000'000;
inline constexpr std::uint32_t kCommandSteps = 1'000;     // engine steps before the next command gets its turn
inline constexpr std::uint32_t kLoopSteps = 100'000;      // steps of one instance without a wait state before an incident
inline constexpr std::int64_t kIdempotencyWindowMs = 24ll * 3600 * 1000;
inline constexpr std::size_t kIdempotencyKeys = 1'000'000;
inline constexpr int kCallDepth = 100;                    // call activities inside call activities
inline constexpr std::size_t kConnectorAnswerBytes = 8u << 20;
inline constexpr int kDocumentTotalLines = 10'000;        // lines of one invoice

}  // namespace base::limits
