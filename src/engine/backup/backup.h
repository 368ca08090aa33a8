// Backup while running, restore onto a new timeline.
//
// A backup is a folder: backup.json (written last: without it there is no backup), journal/, checkpoint/, keys/,
// master.key, forgotten.log, timeline.json, files/ and copies of the relational files. It has one recorded cut: the
// engine's position. The relational files are copied after the cut, so they may be ahead of it and never behind: what the
// restored engine does again finds its own idempotency keys there.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/storage.h"
#include "engine/backup.h"
#include "engine/backup/effects.h"
#include "engine/engine.h"
#include "store/database.h"

namespace engine {

// Makes a new folder inside `to_folder`; BackupReport.folder names it. rolled_back: relational files that a restore puts
// back to the cut; kept: those that a restore only brings where the data folder has none (the ledger).
base::Result<BackupReport> backup(Engine&, Effects&, const std::string& data_folder, const std::string& to_folder,
                                  const std::vector<store::Database*>& rolled_back, const std::vector<store::Database*>& kept);

// from: a backup, or a folder of backups (the newest is taken). No engine may have data_folder open. What was forgotten
// since the backup is forgotten again; effects behind the cut go to quarantine.json. An interrupted restore is run again.
// until: as it was at that moment (until.h). A moment behind the backup needs the data folder's own journal, of the same house
// and timeline; tables and documents that are not the engine's then stay as they are now. not_found: neither reaches so far.
base::Result<RestoreReport> restore(base::Storage&, const std::string& from, const std::string& data_folder, std::optional<base::Millis> until = {});

// What restores have quarantined and nobody has settled yet.
base::Result<std::vector<Effect>> quarantined(base::Storage&, const std::string& data_folder);
// Takes one out of the list; not_found when it is not there.
base::Status settle_quarantined(base::Storage&, const std::string& data_folder, const std::string& kind, const std::string& idempotency_key);

}  // namespace engine
