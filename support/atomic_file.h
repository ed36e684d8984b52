#pragma once

#include <string>
#include <string_view>

namespace mlpbench {

/// Throws UserError when write_file(path) could not succeed now. Either the folder is missing or not a
/// folder, or `path` is a folder or write-protected, or a file cannot be created beside it. Leaves nothing
/// behind. Call it before a long computation whose result is written there. Removes half-written files with
/// names of their own that killed programs have left beside `path`. `option` begins the message.
void require_writable(std::string_view option, const std::string& path);

/// Writes `content` so that `path` holds either its old content or all of the new. Writes a new file of
/// unpredictable name beside it, synchronises it to the disk, and renames it. A symbolic link stays one and
/// its target is replaced. The permissions of an existing file are kept. A device or pipe cannot be renamed
/// over and is written directly. Throws UserError; nothing has changed then and nothing is left behind.
void write_file(std::string_view option, const std::string& path, std::string_view content);

}  // namespace mlpbench
