#include "support/standard_output.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <system_error>

#include "support/error.h"

namespace mlpbench {

void StandardOutput::prepare() {
  // In this order, because open takes the lowest free number. A closed stdin reads nothing; a closed stdout
  // is opened for reading, so that writing to it stays the error that it was.
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
    if (::fcntl(fd, F_GETFD) == -1) {
      static_cast<void>(::open("/dev/null", fd == STDERR_FILENO ? O_WRONLY : O_RDONLY));
    }
  }
  for (const int signal : {SIGPIPE, SIGXFSZ}) std::signal(signal, SIG_IGN);
}

void StandardOutput::print(const std::function<void()>& print) {
  if (error_ != 0) return;
  try {
    print();
  } catch (const std::system_error& error) {
    if (std::ferror(stdout) == 0) throw;  // something else went wrong
    error_ = error.code().value();
  }
  errno = 0;
  const bool failed = std::fflush(stdout) != 0 || std::ferror(stdout) != 0;
  if (failed && error_ == 0) error_ = errno != 0 ? errno : EIO;
}

void StandardOutput::finish() const {
  if (error_ == 0 || error_ == EPIPE) return;
  throw UserError("standard output: cannot write: " + std::generic_category().message(error_));
}

}  // namespace mlpbench
