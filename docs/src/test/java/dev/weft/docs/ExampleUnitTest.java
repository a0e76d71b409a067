package dev.weft.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A fault in an example is found, and told with the place where a reader would see it. */
class ExampleUnitTest {
  private static final Path FILE = Path.of("docs/Shop.java");

  private static List<String> errors(String comment) throws IOException {
    List<Example> examples = Example.inComments(FILE, comment);
    assertThat(examples).hasSize(1);
    return new ExampleCompiler(List.of(new ExampleUnit(examples.get(0), 0))).errors();
  }

  @Test
  void aFaultIsToldWithFileAndLine() throws IOException {
    assertThat(
            errors(
                """
                package shop;

                /**
                 * A shop.
                 *
                 * <pre>{@code
                 * int paid = 1;
                 * String receipt = paid;
                 * }</pre>
                 */
                """))
        .singleElement()
        .asString()
        .startsWith("docs/Shop.java:8: ")
        .contains("int cannot be converted to");
  }

  /** Types among them need no instance of the class around them. */
  @Test
  void whatDeclaresAndWhatDoesMayStandInOneExample() throws IOException {
    assertThat(
            errors(
                """
                /**
                 * <pre>{@code
                 * static final AsyncLocal<String> USER = new AsyncLocal<>();
                 *
                 * USER.run("u1", () -> greet());
                 *
                 * static CompletableFuture<Void> greet() {
                 *   System.out.println("Hello, " + USER.get());
                 *
                 *   return done();
                 * }
                 *
                 * public final class Request {
                 *   static Request first() {
                 *     return new Request();
                 *   }
                 * }
                 * }</pre>
                 */
                """))
        .isEmpty();
  }

  @Test
  void aPageTellsItsLineAndLeavesOutWhatIsCompiledElsewhere() {
    List<Example> examples =
        Example.inPage(
            Path.of("README.md"),
            """
            # Shop

            ```java
            int paid = 1;
            ```

            ```
            ./run
            ```

            <!-- builds/Shop.java -->
            ```java
            import org.example.Library;
            ```

            ```java spring
            import org.springframework.beans.Bean;
            ```
            """);

    assertThat(examples)
        .containsExactly(new Example(Path.of("README.md"), 4, List.of("int paid = 1;")));
  }
}
