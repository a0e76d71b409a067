package dev.weft.docs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;

/** The site in its folder, but for the Javadoc, which {@link ApiDocs} makes. */
final class Site {
  private final Repository repository;
  private final Path folder;
  private final Map<Path, Page> pages = new LinkedHashMap<>();
  private final Template template;
  private final SearchIndex search = new SearchIndex();

  /**
   * @param folder where it is to stand; made if it is missing
   * @param version what the pages say that they are about
   */
  Site(Repository repository, Path folder, String version) throws IOException {
    this.repository = repository;
    this.folder = folder;
    for (Path source : repository.markdown()) {
      pages.put(source, Page.of(source, Markdown.parse(repository.text(source))));
    }
    template = new Template(new Navigation(pages.values()), version);
  }

  Map<Path, Page> pages() {
    return pages;
  }

  SearchIndex search() {
    return search;
  }

  /**
   * Writes the pages, and what they lead to.
   *
   * @return what is wrong with them
   */
  List<Problem> writePages() throws IOException {
    Links links = new Links(repository, pages);
    for (Page page : pages.values()) {
      String location = Locations.ofPage(page.source());
      String body = Markdown.html(page, links);
      write(location, title(page), page.sections(), page.source(), body);
      search.add(page);
    }
    Sources sources = new Sources(repository, links);
    for (Path file : sources.files()) {
      write(Locations.ofSource(file), file.toString(), List.of(), file, sources.html(file));
      if (sources.isCopied(file)) {
        copy(file, "source/" + file);
      }
    }
    for (Path list : sources.folders()) {
      String body = sources.list(list, pages.keySet());
      write(Locations.ofFolder(list), list.toString(), List.of(), list, body);
    }
    for (Path image : links.images()) {
      copy(image, image.toString());
    }
    return new ArrayList<>(links.problems());
  }

  private static String title(Page page) {
    return page.title().equals("Weft") ? "Weft" : page.title() + " - Weft";
  }

  private void write(
      String location, String title, List<Page.Section> sections, Path origin, String body)
      throws IOException {
    Path file = folder.resolve(location);
    Files.createDirectories(file.getParent());
    String origins = origin.toString().replace('\\', '/');
    Files.writeString(file, template.fill(location, title, sections, origins, body));
  }

  private void copy(Path file, String location) throws IOException {
    Path to = folder.resolve(location);
    Files.createDirectories(to.getParent());
    Files.copy(repository.root().resolve(file), to, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Writes the style, the scripts, and what the search looks through. */
  void writeSearch() throws IOException {
    Path api = folder.resolve("api");
    if (Files.isDirectory(api)) {
      search.addTypes(api);
    }
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("search-entries.js"), search.script());
    for (String name : List.of("site.css", "site.js")) {
      Files.write(folder.resolve(name), Template.resource(name));
    }
    Files.write(folder.resolve("lunr.js"), lunr());
  }

  /** Out of its webjar, whose path has the version, which its POM properties tell. */
  private static byte[] lunr() throws IOException {
    String home = "META-INF/maven/org.webjars.npm/lunr/pom.properties";
    ClassLoader loader = Site.class.getClassLoader();
    Properties pom = new Properties();
    try (InputStream in = loader.getResourceAsStream(home)) {
      if (in == null) {
        throw new IOException("no webjar of lunr on the class path");
      }
      pom.load(in);
    }
    String script =
        "META-INF/resources/webjars/lunr/" + pom.getProperty("version") + "/lunr.min.js";
    try (InputStream in = loader.getResourceAsStream(script)) {
      if (in == null) {
        throw new IOException("the webjar of lunr has no " + script);
      }
      return in.readAllBytes();
    }
  }
}
