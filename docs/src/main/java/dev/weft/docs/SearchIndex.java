package dev.weft.docs;

import com.google.gson.Gson;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.commonmark.node.Node;
import org.jspecify.annotations.Nullable;

/**
 * What the search looks through: a section of a page each, and a type of the API each. A script and
 * not a JSON file, because a browser loads no JSON from a disk. The index proper is made in the
 * browser, in some milliseconds.
 */
final class SearchIndex {
  /**
   * @param title of the page, or the type's name
   * @param section its heading, or the type's package
   */
  record Entry(int id, String title, String section, String url, String text) {}

  private static final Pattern TITLE = Pattern.compile("<title>(\\S+) \\((.*)\\)</title>");
  private static final Pattern TEXT =
      Pattern.compile("<div class=\"block\">(.*?)</div>", Pattern.DOTALL);
  private static final Pattern TAG = Pattern.compile("<[^>]*>");

  private final List<Entry> entries = new ArrayList<>();

  void add(Page page) {
    Map<Node, Page.Section> headings = new HashMap<>();
    page.sections().forEach(section -> headings.put(section.heading(), section));
    String location = Locations.ofPage(page.source());
    Page.@Nullable Section current = null;
    StringBuilder text = new StringBuilder();
    for (Node node = page.document().getFirstChild(); node != null; node = node.getNext()) {
      Page.Section next = headings.get(node);
      if (next != null) {
        add(page, current, location, text);
        current = next;
        text.setLength(0);
      } else {
        text.append(Markdown.textOf(node)).append(' ');
      }
    }
    add(page, current, location, text);
  }

  private void add(Page page, Page.@Nullable Section section, String at, StringBuilder text) {
    if (section == null) {
      return; // what is before the title
    }
    boolean top = section.level() == 1;
    String url = top ? at : at + "#" + section.id();
    String heading = top ? "" : section.title();
    entries.add(new Entry(entries.size(), page.title(), heading, url, squeezed(text.toString())));
  }

  /** The types in a folder of Javadoc: by their pages, as javadoc's own index differs by JDK. */
  void addTypes(Path api) throws IOException {
    try (Stream<Path> found = Files.walk(api)) {
      for (Path file : found.filter(SearchIndex::isType).sorted().toList()) {
        String html = Files.readString(file);
        Matcher title = TITLE.matcher(html);
        if (title.find()) {
          Matcher text = TEXT.matcher(html);
          String url = "api/" + api.relativize(file).toString().replace('\\', '/');
          // api/dev.weft/dev/weft/net/TcpStream.html
          String inModule = url.substring(url.indexOf('/', "api/".length()) + 1);
          String owner = inModule.substring(0, inModule.lastIndexOf('/')).replace('/', '.');
          String said = text.find() ? TAG.matcher(text.group(1)).replaceAll("") : "";
          entries.add(
              new Entry(entries.size(), title.group(1), owner, url, squeezed(unescaped(said))));
        }
      }
    }
  }

  private static boolean isType(Path file) {
    String name = file.getFileName().toString();
    return name.endsWith(".html")
        && Character.isUpperCase(name.charAt(0))
        && !file.toString().contains("class-use");
  }

  private static String unescaped(String html) {
    return html.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&nbsp;", " ")
        .replace("&amp;", "&");
  }

  private static String squeezed(String text) {
    return text.strip().replaceAll("\\s+", " ");
  }

  List<Entry> entries() {
    return entries;
  }

  /** The script that sets the global variable {@code weftSearchEntries}. */
  String script() {
    return "var weftSearchEntries = " + new Gson().toJson(entries) + ";\n";
  }
}
