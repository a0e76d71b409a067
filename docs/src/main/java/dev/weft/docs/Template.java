package dev.weft.docs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is around the text of each page: {@code page.html}, whose {@code {{names}}} are filled in.
 */
final class Template {
  private static final Pattern NAME = Pattern.compile("\\{\\{(\\w+)}}");

  private final String text;
  private final Navigation navigation;
  private final String version;

  Template(Navigation navigation, String version) {
    this.text = new String(resource("page.html"), StandardCharsets.UTF_8);
    this.navigation = navigation;
    this.version = version;
  }

  static byte[] resource(String name) {
    try (InputStream in = Template.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("no resource " + name + " beside " + Template.class);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A whole page.
   *
   * @param location where it is to stand
   * @param title for the window
   * @param sections for the list of contents; fewer than two are none
   * @param origin what it was made of, from the root of the repository
   * @param body as HTML
   */
  String fill(
      String location, String title, List<Page.Section> sections, String origin, String body) {
    Matcher names = NAME.matcher(text);
    return names.replaceAll(
        name ->
            Matcher.quoteReplacement(
                switch (name.group(1)) {
                  case "title" -> Html.escape(title);
                  case "root" -> Locations.toRoot(location);
                  case "navigation" -> navigation.html(location);
                  case "contents" -> contents(sections);
                  case "body" -> body;
                  case "origin" -> Html.escape(origin);
                  case "version" -> Html.escape(version);
                  default -> throw new IllegalStateException("page.html has " + name.group());
                }));
  }

  private static String contents(List<Page.Section> sections) {
    List<Page.Section> shown =
        sections.stream().filter(section -> section.level() == 2 || section.level() == 3).toList();
    if (shown.size() < 2) {
      return "";
    }
    StringBuilder html = new StringBuilder("<h2>On this page</h2>\n<ul>\n");
    for (Page.Section section : shown) {
      html.append("<li class=\"level").append(section.level()).append("\"><a href=\"#");
      html.append(section.id()).append("\">").append(Html.escape(section.title()));
      html.append("</a></li>\n");
    }
    return html.append("</ul>\n").toString();
  }
}
