package dev.weft.echo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.commons.cli.CommandLine;
import org.apache.commons.cli.DefaultParser;
import org.apache.commons.cli.MissingArgumentException;
import org.apache.commons.cli.Option;
import org.apache.commons.cli.Options;
import org.apache.commons.cli.ParseException;
import org.apache.commons.cli.UnrecognizedOptionException;
import org.apache.commons.cli.help.HelpFormatter;
import org.apache.commons.cli.help.TextHelpAppendable;

/**
 * The arguments of the command line, by Apache Commons CLI: what there is, and what of it is given.
 * Whatever is wrong with them is a {@link ParseException} whose message is one line for the user.
 */
final class Arguments {
  private static final String HEADER =
      "A TCP server that sends back whatever it is sent. Its handler is plain sequential Java with"
          + " await; no thread waits for a client.";

  private static final String[] FOOTER = {
    "Try it:  echo-server --port 8080  and, in another terminal,  nc 127.0.0.1 8080",
    "Ctrl-C or SIGTERM: accepts no more, echoes what has arrived, and ends within 5 seconds.",
    "Exit code: 0 when it was told to end, 1 when it failed, 2 when it could not start."
  };

  private final Options options = new Options();
  private final Properties defaults = new Properties();
  private final CommandLine line;

  Arguments(String... arguments) throws ParseException {
    define();
    line = parse(arguments);
    if (!line.getArgList().isEmpty()) {
      throw new ParseException("Unmatched argument: '" + line.getArgList().get(0) + "'");
    }
    Set<String> given = new HashSet<>();
    for (Option option : line.getOptions()) {
      if (!given.add(option.getLongOpt())) {
        throw new ParseException("--" + option.getLongOpt() + " can be given only once");
      }
    }
  }

  private void define() {
    value("host", "ADDRESS", "127.0.0.1", "Address to listen on; 0.0.0.0 for all.");
    value("port", "N", "8080", "Port to listen on; 0 for any free one.");
    value(
        "executor",
        "KIND",
        "work-stealing",
        "What runs the handlers: work-stealing, node (one thread, as in Node.js).");
    value("workers", "N", "Worker threads. Default: one per processor");
    value(
        "transport",
        "KIND",
        "auto",
        "What waits for I/O: auto, io_uring, epoll, nio; auto is epoll where there is one, else"
            + " nio.");
    value(
        "idle-timeout",
        "SECONDS",
        "0",
        "Ends connections on which nothing moves for so long; 0 for never.");
    value(
        "max-connections",
        "N",
        "How many at a time. Default: as many as half of the heap has room for");
    value(
        "when-full",
        "WHAT",
        "wait",
        "What becomes of further ones: wait, refuse; with wait they are in the kernel's queue until"
            + " there is a place.");
    value(
        "memory",
        "MIB",
        "What all connections may hold together; who holds most waits. Default: a quarter of the direct"
            + " memory that the JVM allows");
    flag("reuse-port", "Lets another server have the same port, for a restart without a gap.");
    flag("quiet", "No line for each connection.");
    value(
        "inspect",
        "N",
        "Port on 127.0.0.1 of a page that shows what the tasks do, for a browser; 0 for any free"
            + " one.");
    options.addOption("h", "help", false, "Prints this.");
  }

  private void value(String name, String label, String otherwise, String description) {
    value(name, label, description + " Default: " + otherwise);
    defaults.setProperty(name, otherwise);
  }

  private void value(String name, String label, String description) {
    options.addOption(
        Option.builder().longOpt(name).hasArg().argName(label).desc(description).get());
  }

  private void flag(String name, String description) {
    options.addOption(null, name, false, description);
  }

  private CommandLine parse(String... arguments) throws ParseException {
    try {
      // Names in full, so that an option that is added later makes none ambiguous; values as given.
      return DefaultParser.builder()
          .setAllowPartialMatching(false)
          .setStripLeadingAndTrailingQuotes(false)
          .get()
          .parse(options, arguments, defaults);
    } catch (UnrecognizedOptionException unknown) {
      throw new ParseException("Unknown option: '" + unknown.getOption() + "'");
    } catch (MissingArgumentException missing) {
      Option option = missing.getOption();
      throw new ParseException(
          "--" + option.getLongOpt() + " needs a value: " + option.getArgName());
    }
  }

  /** Whether an option is given, or has a default. */
  boolean has(String name) {
    return line.hasOption(name);
  }

  /** The value of an option that is given or has a default. */
  String text(String name) {
    return line.getOptionValue(name);
  }

  /** The same, as a whole number. */
  int number(String name, int least, int most) throws ParseException {
    try {
      int value = Integer.parseInt(text(name));
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException noNumber) {
      // complained of below
    }
    throw wrong(name, "a number from " + least + " to " + most);
  }

  /** The same, as seconds and their fractions, 0 or more. */
  double seconds(String name) throws ParseException {
    try {
      double value = Double.parseDouble(text(name));
      if (value >= 0) { // nor NaN
        return value;
      }
    } catch (NumberFormatException noNumber) {
      // complained of below
    }
    throw wrong(name, "a number of seconds, 0 or more");
  }

  /** The same, as one of these, in upper or lower case. */
  <E extends Enum<E>> E oneOf(String name, E[] all) throws ParseException {
    String text = text(name);
    for (E each : all) {
      if (each.toString().equalsIgnoreCase(text) || each.name().equalsIgnoreCase(text)) {
        return each;
      }
    }
    throw wrong(
        name,
        Arrays.stream(all)
            .map(each -> each.toString().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(", ", "one of ", "")));
  }

  /** Says what is wrong with an option's value. */
  ParseException wrong(String name, String expected) {
    String text = text(name);
    return new ParseException(
        "--" + name + " must be " + expected + ", not " + (text.isBlank() ? "nothing" : text));
  }

  /** Prints what there is. */
  void explain(Appendable out) {
    try {
      TextHelpAppendable text = new TextHelpAppendable(out);
      text.setMaxWidth(80);
      text.setLeftPad(0);
      HelpFormatter.builder()
          .setShowSince(false)
          .setComparator(Comparator.comparingInt(List.copyOf(options.getOptions())::indexOf))
          .setHelpAppendable(text)
          .get()
          .printHelp("echo-server", HEADER, options, "", true);
      for (String paragraph : FOOTER) {
        text.appendParagraph(paragraph);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
