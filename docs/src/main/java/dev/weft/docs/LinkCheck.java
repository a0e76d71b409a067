package dev.weft.docs;

import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Looks at the finished site: whether each link in each file leads to a file, and to something in
 * it. The links of the pages are checked before, by their lines; this also sees those that the
 * template and javadoc have made. What is on other servers is not asked for.
 */
final class LinkCheck {
  private static final Pattern LINK = Pattern.compile("\\s(?:href|src)=\"([^\"]*)\"");
  private static final Pattern ID = Pattern.compile("\\s(?:id|name)=\"([^\"]*)\"");
  private static final Pattern ABSOLUTE = Pattern.compile("[a-z][a-z0-9+.-]*:.*|//.*");
  private static final Pattern SCRIPT =
      Pattern.compile("<script[^>]*>.*?</script>", Pattern.DOTALL);

  /** JDK 17's javadoc gives this page a list of contents whose entries lead nowhere. */
  private static final String WITHOUT_ANCHORS = "constant-values.html";

  private final Path site;
  private final Map<Path, Set<String>> ids = new HashMap<>();
  private final List<Problem> problems = new ArrayList<>();
  private int checked;

  LinkCheck(Path site) {
    this.site = site;
  }

  List<Problem> run() throws IOException {
    List<Path> files;
    try (Stream<Path> found = Files.walk(site)) {
      files = found.filter(file -> file.toString().endsWith(".html")).sorted().toList();
    }
    for (Path file : files) {
      String html = SCRIPT.matcher(Files.readString(file)).replaceAll("");
      Matcher link = LINK.matcher(html);
      Set<String> links = new TreeSet<>();
      while (link.find()) {
        links.add(link.group(1));
      }
      for (String each : links) {
        check(file, each);
      }
    }
    return problems;
  }

  private void check(Path file, String link) throws IOException {
    if (ABSOLUTE.matcher(link).matches() || link.isEmpty()) {
      return;
    }
    checked++;
    String target = decoded(link.replace("&amp;", "&"));
    int hash = target.indexOf('#');
    String path = (hash < 0 ? target : target.substring(0, hash)).replaceAll("\\?.*", "");
    Path found = path.isEmpty() ? file : file.resolveSibling(path).normalize();
    if (!Files.isRegularFile(found)) {
      problems.add(new Problem(site.relativize(file), 0, "the link to " + link + " leads nowhere"));
    } else if (hash >= 0
        && hash < target.length() - 1
        && found.toString().endsWith(".html")
        && !found.endsWith(WITHOUT_ANCHORS)) {
      String id = target.substring(hash + 1);
      if (!idsOf(found).contains(id)) {
        problems.add(
            new Problem(
                site.relativize(file), 0, "nothing has the anchor that " + link + " names"));
      }
    }
  }

  private Set<String> idsOf(Path file) throws IOException {
    Set<String> known = ids.get(file);
    if (known == null) {
      known = new HashSet<>();
      Matcher id = ID.matcher(Files.readString(file));
      while (id.find()) {
        known.add(id.group(1).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"));
      }
      ids.put(file, known);
    }
    return known;
  }

  private static String decoded(String link) {
    return URLDecoder.decode(link.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** How many links it has looked at. */
  int checked() {
    return checked;
  }
}
