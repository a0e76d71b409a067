package dev.weft.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Builds the site: {@code SiteMain REPOSITORY FOLDER [pages]}. The last word leaves the Javadoc
 * out. Run by {@code docs/site}, which explains it.
 */
public final class SiteMain {
  /** Stands in a folder that this program has made, and may replace. */
  private static final String MARK = ".weft-site";

  private SiteMain() {}

  /** Exits with 1 if something is wrong with the pages, with the problems on the standard error. */
  public static void main(String[] args) {
    try {
      List<Problem> problems =
          build(
              Path.of(args[0]).toRealPath(),
              Path.of(args[1]).toAbsolutePath().normalize(),
              args.length > 2 && args[2].equals("pages"));
      problems.forEach(System.err::println);
      if (!problems.isEmpty()) {
        fail("broken links: " + problems.size() + ", see above");
      }
    } catch (FileSystemException e) {
      // Without a reason of its own, its message is the path alone.
      fail(String.valueOf(e.getReason() == null ? e : e.getMessage()));
    } catch (IOException | UncheckedIOException e) {
      fail(String.valueOf(e.getMessage()));
    }
  }

  private static void fail(String message) {
    System.err.println("site: " + message);
    System.exit(1);
  }

  private static List<Problem> build(Path root, Path folder, boolean pagesOnly) throws IOException {
    String version = new String(Template.resource("version.txt"), StandardCharsets.UTF_8).strip();
    clear(folder);
    Files.createDirectories(folder);
    Files.writeString(folder.resolve(MARK), "Made by docs/site, which replaces it.\n");
    Repository repository = new Repository(root);
    Site site = new Site(repository, folder, version);
    List<Problem> problems = new ArrayList<>(site.writePages());
    say(site.pages().size() + " pages");
    if (!pagesOnly) {
      new ApiDocs(repository, System.getProperty("java.class.path"))
          .write(folder.resolve("api"), version);
      say("Javadoc");
    }
    site.writeSearch();
    say(site.search().entries().size() + " entries for the search");
    LinkCheck check = new LinkCheck(folder);
    if (!pagesOnly) {
      problems.addAll(check.run());
      say(check.checked() + " links");
    }
    if (problems.isEmpty()) {
      say("open " + folder.resolve("index.html"));
    }
    return problems;
  }

  /** What an earlier run has left; but nothing of somebody else's. */
  private static void clear(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    if (!Files.isDirectory(folder)) {
      throw new IOException(folder + " is no folder");
    }
    try (Stream<Path> children = Files.list(folder)) {
      if (!Files.exists(folder.resolve(MARK)) && children.findAny().isPresent()) {
        throw new IOException(folder + " holds something else than a site; name another folder");
      }
    }
    List<Path> all;
    try (Stream<Path> found = Files.walk(folder)) {
      all = found.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : all) {
      Files.delete(each);
    }
  }

  private static void say(String what) {
    System.out.println("site: " + what);
  }
}
