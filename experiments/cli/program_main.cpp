#include "experiments/cli/program_main.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <new>
#include <stdexcept>
#include <vector>

#include "core/training/communicator.h"
#include "experiments/cli/command_page.h"
#include "support/error.h"
#include "support/text.h"

namespace mlpbench {

void report(std::string_view program, std::string_view message) {
  fmt::print(stderr, "{}: {}\n", program, printable(message, 2000));
}

namespace {

/// How the body of a program ended.
struct Ending {
  int code = kExitOk;
  std::string error;  ///< empty: it returned
};

template <typename Body>
Ending ending_of(Body body) {
  try {
    StandardOutput output;
    const int code = body(output);
    output.finish();
    return {code, ""};
  } catch (const WrongResult& error) {
    return {kExitWrongResult, error.what()};
  } catch (const std::bad_alloc&) {
    return {kExitUsage, "not enough memory for this network and these data"};
  } catch (const std::length_error&) {
    return {kExitUsage, "this network or these data are larger than the memory of any machine"};
  } catch (const std::exception& error) {
    return {kExitUsage, error.what()};
  }
}

/// The exit code of all ranks, once all have ended. One that waits in vain for the others ends them.
int end_together(std::string_view program, Communicator& ranks, const Ending& own) {
  constexpr double kPatience = 1.0, kBetweenRanks = 0.2;  // seconds: only the first that failed shall say so
  const bool failed = !own.error.empty();
  const std::string alone = fmt::format("rank {} of {}: {}", ranks.rank(), ranks.size(), own.error);
  const double patience =
      kPatience + kBetweenRanks * static_cast<double>(std::min<std::size_t>(ranks.rank(), 5));
  if (failed ? !ranks.meet(patience) : !ranks.meet()) {
    report(program, alone);
    ranks.abort(own.code);
  }
  struct Word {
    int code;
    bool failed;
  };
  std::vector<Word> words(ranks.size());
  std::vector<std::size_t> ends;
  for (std::size_t r = 0; r < ranks.size(); ++r) ends.push_back((r + 1) * sizeof(Word));
  words[ranks.rank()] = {own.code, failed};
  ranks.gather(std::as_writable_bytes(std::span(words)), ends);
  std::size_t speaker = 0;
  while (speaker < ranks.size() && !words[speaker].failed) ++speaker;
  const bool all = std::all_of(words.begin(), words.end(), [](const Word& word) { return word.failed; });
  if (speaker == ranks.rank()) report(program, all ? own.error : alone);
  return words[speaker == ranks.size() ? 0 : speaker].code;
}

}  // namespace

int program_main(std::string_view program, const std::function<int(StandardOutput&)>& body) {
  StandardOutput::prepare();
  const Ending ending = ending_of(body);
  if (!ending.error.empty()) report(program, ending.error);
  return ending.code;
}

int ranks_main(std::string_view program, const std::function<int(StandardOutput&, Communicator&)>& body) {
  return program_main(program, [&](StandardOutput& output) {
    Communicator& ranks = launched_ranks();
    if (ranks.size() == 1) return body(output, ranks);
    if (!ranks.is_first() && std::freopen("/dev/null", "w", stdout) == nullptr)
      throw UserError("/dev/null: cannot be opened");
    const int code =
        end_together(program, ranks, ending_of([&](StandardOutput& own) { return body(own, ranks); }));
    close_launched_ranks();
    return code;
  });
}

bool parse_command_line(CLI::App& app, int argc, char** argv, StandardOutput& output) {
  app.add_option_function<std::string>(kShellFileOption,
                                       [&app](const std::string& kind) {
                                         std::string text = shell_file(app, kind);
                                         text.pop_back();  // the end of the line follows
                                         throw CLI::CallForVersion(text, 0);
                                       })
      ->group("");
  try {
    app.parse(argc, argv);
    return true;
  } catch (const CLI::Success& asked) {
    const bool all = asked.get_name() == "CallForAllHelp", help = all || asked.get_name() == "CallForHelp";
    output.print([&] { fmt::print("{}", help ? help_page(app, all) : std::string(asked.what()) + "\n"); });
    return false;
  } catch (const CLI::ExtrasError& error) {
    const std::vector<CLI::App*> commands = app.get_subcommands();
    const std::vector<std::string> extras = app.remaining(true);
    const CLI::App& page = commands.empty() ? app : *commands.front();
    throw UserError(error.what() + (extras.empty() ? "" : suggested_option(page, extras.front())));
  } catch (const CLI::ParseError& error) {
    throw UserError(error.what());
  }
}

}  // namespace mlpbench
