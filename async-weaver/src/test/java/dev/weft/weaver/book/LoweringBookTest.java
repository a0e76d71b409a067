package dev.weft.weaver.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.weaver.corpus.Corpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The book of the lowering says what the weaver does today, of every shape of the corpus. With the
 * system property {@code lowering.write}, it is written anew instead.
 */
class LoweringBookTest {
  private static final Path BOOK = Path.of("docs", "lowering.md");

  /**
   * The JDK and the release whose compiler makes the listings: each compiles a little differently.
   */
  private static final int JAVA = 17;

  private static final String COMMAND =
      "mvn test -pl async-weaver -am -Dtest=LoweringBookTest -Dsurefire.failIfNoSpecifiedTests=false"
          + " -DargLine=-Dlowering.write=true";

  private static final Pattern TABLE =
      Pattern.compile("(?s)<!-- table: .*? -->\n(.*?)<!-- end of table -->");

  private static final Pattern ROW = Pattern.compile("(?m)^\\| \\[`([^`]+)`]");

  private static final Pattern MADE = Pattern.compile("<!-- (lowered|saved|said): ");

  @Test
  void itIsWhatTheWeaverMakesOfTheCorpus() throws IOException {
    assumeTrue(
        Runtime.version().feature() == JAVA,
        "the book shows what the compiler of JDK " + JAVA + " makes of the corpus");
    String text = Files.readString(BOOK);
    String made = new LoweringBook(text, Corpus.NEWEST).update();
    if (Boolean.getBoolean("lowering.write")) {
      Files.writeString(BOOK, made);
      return;
    }
    List<String> is = text.lines().toList();
    List<String> hasToBe = made.lines().toList();
    for (int i = 0; i < Math.max(is.size(), hasToBe.size()); i++) {
      String line = i < is.size() ? is.get(i) : "(the end)";
      String expected = i < hasToBe.size() ? hasToBe.get(i) : "(the end)";
      if (!line.equals(expected)) {
        fail(
            """
            docs/lowering.md is not what the weaver makes of the corpus now. Line %d is
              %s
            and has to be
              %s
            Look whether that is meant, and whether the text around it is still true; then write it anew:
              %s
            """
                .formatted(i + 1, line, expected, COMMAND));
      }
    }
  }

  @Test
  void everyShapeIsInOneChapterAndInOneRow() throws IOException {
    String text = Files.readString(BOOK);
    List<String> names = BookShape.all().stream().map(BookShape::name).toList();
    List<String> inChapters = new ArrayList<>();
    new Chapters(text).all().forEach(chapter -> inChapters.addAll(chapter.shapes()));
    List<String> inTable = new ArrayList<>();
    Matcher table = TABLE.matcher(text);
    assertThat(table.find()).as("a table of all shapes").isTrue();
    ROW.matcher(table.group(1)).results().forEach(row -> inTable.add(row.group(1)));

    assertThat(inChapters)
        .as("add a new shape to the chapter that it belongs to, in <!-- shapes: .. -->")
        .containsExactlyInAnyOrderElementsOf(names);
    assertThat(inTable).as("write it anew: " + COMMAND).containsExactlyInAnyOrderElementsOf(names);
  }

  @Test
  void everyChapterHasAnExample() throws IOException {
    List<Chapters.Chapter> chapters = new Chapters(Files.readString(BOOK)).all();

    assertThat(chapters).hasSizeGreaterThan(10);
    assertThat(chapters)
        .allSatisfy(
            chapter -> {
              assertThat(chapter.shapes()).as(chapter.title()).isNotEmpty();
              assertThat(MADE.matcher(chapter.text()).find()).as(chapter.title()).isTrue();
            });
  }

  /** A part whose comment is misspelt would stay as it is for ever. */
  @Test
  void everyCommentBelongsToAPartThatIsMade() throws IOException {
    String text = Files.readString(BOOK);

    assertThat(LoweringBook.strayComments(text)).isEmpty();
    assertThat(LoweringBook.strayComments(text.replace("<!-- lowered:", "<!-- lowred:")))
        .isNotEmpty();
  }

  @Test
  void theContentsNameEveryChapter() throws IOException {
    String text = Files.readString(BOOK);

    assertThat(new Chapters(text).all())
        .allSatisfy(
            chapter ->
                assertThat(text)
                    .contains("[%s](#%s)".formatted(chapter.title(), chapter.anchor())));
  }
}
