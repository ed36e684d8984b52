#pragma once

#include <string>
#include <string_view>

namespace mlpbench {

/// Throws UserError when write_file(path) could not succeed now: the folder is missing or not a folder,
/// `path` is a folder or write-protected, or a file cannot be created beside it. Leaves nothing behind. Asked
/// before a long computation whose result goes there. Files that killed programs have left beside `path`, half
/// written and under names of their own, are removed. `option` begins the message.
void require_writable(std::string_view option, const std::string& path);

/// Writes `content` so that `path` holds either its old content or all of the new: into a new file of
/// unpredictable name beside it, synchronised to the disk, then renamed. A symbolic link stays one and its
/// target is replaced; the permissions of an existing file are kept. A device or pipe cannot be renamed over
/// and is written directly. Throws UserError, and then nothing has changed and nothing is left behind.
void write_file(std::string_view option, const std::string& path, std::string_view content);

}  // namespace mlpbench
