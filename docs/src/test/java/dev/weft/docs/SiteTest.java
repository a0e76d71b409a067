package dev.weft.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages become a site in which every link leads somewhere. */
class SiteTest {
  private static final Repository OWN = new Repository(Path.of("..").toAbsolutePath().normalize());

  @TempDir Path folder;

  private Path file(String name, String text) throws IOException {
    Path file = folder.resolve("repository").resolve(name);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text);
  }

  private Site site() throws IOException {
    return new Site(new Repository(folder.resolve("repository")), folder.resolve("site"), "1.0");
  }

  private String written(String location) throws IOException {
    return Files.readString(folder.resolve("site").resolve(location));
  }

  @Test
  void noLinkOfOurPagesLeadsNowhere() throws IOException {
    Path output = folder.resolve("site");
    Files.createDirectories(output.resolve("api"));
    Files.writeString(output.resolve("api/index.html"), "in place of the Javadoc");
    Site site = new Site(OWN, output, "1.0");

    assertThat(site.writePages()).isEmpty();
    site.writeSearch();
    LinkCheck check = new LinkCheck(output);
    assertThat(check.run()).isEmpty();

    assertThat(check.checked()).isGreaterThan(1000);
    assertThat(site.pages()).containsKeys(Path.of("README.md"), Path.of("docs/scheduler.md"));
    assertThat(site.search().entries())
        .anySatisfy(
            entry -> {
              assertThat(entry.title()).isEqualTo("The scheduler");
              assertThat(entry.url()).isEqualTo("docs/scheduler.html#the-life-of-a-frame");
              assertThat(entry.text()).contains("AsyncExecutor");
            });
  }

  @Test
  void aBrokenLinkIsToldWithFileAndLine() throws IOException {
    file("README.md", "# Shop\n\nSee\n[there](docs/missing.md) and [`Shop`].\n");
    file("docs/more.md", "# More\n\n- [up](../README.md#price)\n- [out](../../x.md)\n");

    assertThat(site().writePages())
        .extracting(Problem::toString)
        .containsExactly(
            "README.md:4: [`Shop`] is a link without a target",
            "README.md:4: the link to docs/missing.md leads nowhere",
            "docs/more.md:3: the link to ../README.md#price leads to a heading that README.md has"
                + " not",
            "docs/more.md:4: the link to ../../x.md leads out of the repository");
  }

  @Test
  void linksLeadToPagesSourcesAndFolders() throws IOException {
    file(
        "README.md",
        """
        # Shop
        [page](docs/a.md#a--b) [source](src/Shop.java) [folder](src/) [image](x.png) [html](docs/a.md#x)
        """);
    file("docs/a.md", "# A\n\n## A & `b`\n\n<a id=\"x\"></a>Back to the [shop](../README.md).\n");
    file("src/Shop.java", "class Shop<T> {}\n");
    file("x.png", "x");

    assertThat(site().writePages()).isEmpty();

    assertThat(written("index.html"))
        .contains("href=\"docs/a.html#a--b\"")
        .contains("href=\"source/src/Shop.java.html\"")
        .contains("href=\"source/src/index.html\"");
    assertThat(written("docs/a.html"))
        .contains("<h2 id=\"a--b\">")
        .contains("href=\"../index.html\"");
    assertThat(written("source/src/Shop.java.html"))
        .contains("<span id=\"L1\">class Shop&lt;T&gt; {}");
    assertThat(written("source/src/index.html")).contains("href=\"Shop.java.html\"");
    assertThat(folder.resolve("site/x.png")).hasContent("x");
  }

  @Test
  void theFinishedSiteIsLookedThrough() throws IOException {
    Path site = Files.createDirectories(folder.resolve("site"));
    Files.writeString(site.resolve("a.html"), "<a href=\"b.html#x\"></a><img src=\"c.png\">");
    Files.writeString(site.resolve("b.html"), "<p id=\"y\"></p><a href=\"a.html\"></a>");

    assertThat(new LinkCheck(site).run())
        .extracting(Problem::toString)
        .containsExactly(
            "a.html: nothing has the anchor that b.html#x names",
            "a.html: the link to c.png leads nowhere");
  }

  @Test
  void anchorsAreThoseOfGitHub() {
    assertThat(List.of("The life of a frame", "`spawn`, and C++ (2nd)", "Größe_x-y"))
        .extracting(Page::slug)
        .containsExactly("the-life-of-a-frame", "spawn-and-c-2nd", "größe_x-y");
    Page twice = Page.of(Path.of("x.md"), Markdown.parse("# A\n\n## B\n\n## B\n"));
    assertThat(twice.sections()).extracting(Page.Section::id).containsExactly("a", "b", "b-1");
  }

  @Test
  void everyPageIsInTheNavigationOnce() throws IOException {
    Site site = new Site(OWN, folder.resolve("site"), "1.0");

    assertThat(
            new Navigation(site.pages().values()).groups().values().stream().flatMap(List::stream))
        .containsExactlyInAnyOrderElementsOf(site.pages().values());
  }
}
