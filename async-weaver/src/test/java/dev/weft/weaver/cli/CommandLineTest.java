package dev.weft.weaver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.files.SmallProject;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the commands print, and the exit codes they end with. */
class CommandLineTest {
  @TempDir Path root;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private SmallProject project;

  @BeforeEach
  void project() {
    project = new SmallProject(root);
  }

  private int run(Object... arguments) {
    String[] words = new String[arguments.length];
    for (int i = 0; i < words.length; i++) {
      words[i] = arguments[i].toString();
    }
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), words);
  }

  private List<String> out() {
    return out.toString().lines().toList();
  }

  private List<String> err() {
    return err.toString().lines().toList();
  }

  @Test
  void weavesADirectory() {
    project.compile("shop/Shop", SmallProject.SHOP);

    assertThat(run("weave", project.classes(), "--engine=direct", "-cp", SmallProject.asyncApi()))
        .isZero();
    assertThat(run("weave", project.classes())).isZero();

    assertThat(out())
        .containsExactly(
            "wove 1 method (direct 1) in 1 class, 2 suspension points", "nothing to weave");
    assertThat(err()).isEmpty();
  }

  @Test
  void saysWhichEngineTookTheMethodsAndWhyNotEaAsync() {
    project.compile("shop/Shop", SmallProject.SHOP);
    project.compile(
        "shop/Small",
        SmallProject.SHOP.replace("public class Shop", "@dev.weft.WovenDirect class Small"));

    assertThat(run("weave", project.classes())).isZero();

    assertThat(out())
        .containsExactly(
            "wove 2 methods (EA Async 1, direct 1) in 2 classes, 4 suspension points",
            "direct took Small.buy: its class is annotated @WovenDirect");
  }

  @Test
  void weavesAClassFileByItself() {
    project.compile("shop/Shop", SmallProject.SHOP);

    assertThat(run("weave", project.classFile("shop/Shop"), "--engine=direct")).isZero();

    assertThat(out()).containsExactly("wove 1 method (direct 1) in 1 class, 2 suspension points");
  }

  @Test
  void weavesSeveralFilesAndSaysItOnce() throws Exception {
    project.compile("shop/Shop", SmallProject.SHOP);
    Path jar = root.resolve("empty.jar");
    new java.util.zip.ZipOutputStream(Files.newOutputStream(jar)).close();

    assertThat(run("weave", project.classes(), jar, "--engine=direct")).isZero();

    assertThat(out()).containsExactly("wove 1 method (direct 1) in 1 class, 2 suspension points");
  }

  @Test
  void whatCannotBeWovenEndsInOne() {
    project.compile("shop/Locked", SmallProject.LOCKED);

    assertThat(run("weave", project.classes())).isEqualTo(1);

    assertThat(err()).singleElement().asString().startsWith("Locked.java:6: error: [WEFT009] ");
    assertThat(out()).containsExactly("wove nothing: 1 error in 1 file");
  }

  @Test
  void warningsArePrintedAndEndInZero() {
    project.compile("shop/Blocking", SmallProject.BLOCKING);

    assertThat(run("explain", project.classFile("shop/Blocking"))).isZero();
    assertThat(run("weave", project.classes())).isZero();

    assertThat(err())
        .hasSize(2)
        .allMatch(line -> line.startsWith("Blocking.java:6: warning: [WEFT041] "));
  }

  @Test
  void warningsCanBeSilencedAndRaised() {
    project.compile("shop/Blocking", SmallProject.BLOCKING);

    assertThat(run("weave", project.classes(), "--diagnostics", "warnings=error")).isEqualTo(1);
    assertThat(err()).singleElement().asString().startsWith("Blocking.java:6: error: [WEFT041] ");
    assertThat(run("weave", project.classes(), "--diagnostics", "WEFT041=off")).isZero();
    assertThat(err()).hasSize(1);
  }

  @Test
  void aBadValueEndsInTwoAndNamesTheGoodOnes() {
    assertThat(run("weave", project.classes(), "--engine", "fast")).isEqualTo(2);
    assertThat(run("explain", "a.B", "--diagnostics", "WEFT001=off")).isEqualTo(2);

    assertThat(err()).hasSize(2);
    assertThat(err().get(0))
        .startsWith("there is no engine 'fast': it is one of auto, ea and direct");
    assertThat(err().get(1)).contains("WEFT001 stands for what cannot be woven");
  }

  @Test
  void aJarThatIsNoneEndsInOne() throws Exception {
    Path jar = Files.writeString(root.resolve("a.jar"), "not a jar");

    assertThat(run("weave", jar)).isEqualTo(1);

    assertThat(err()).singleElement().asString().startsWith("cannot weave " + jar + ": ");
  }

  @Test
  void aFileThatIsNotThereEndsInTwo() {
    Path missing = root.resolve("target/clases");

    assertThat(run("weave", missing)).isEqualTo(2);

    assertThat(err()).singleElement().asString().startsWith("there is no " + missing + " (see ");
  }

  @Test
  void aFileOfAnotherKindEndsInTwo() throws Exception {
    Path text = Files.writeString(root.resolve("read.me"), "text");

    assertThat(run("weave", text)).isEqualTo(2);

    assertThat(err())
        .singleElement()
        .asString()
        .startsWith(text + " is neither a directory nor a .class or .jar file");
  }

  @Test
  void aWrongCommandEndsInTwoWithOneLine() {
    assertThat(run()).isEqualTo(2);
    assertThat(run("unravel")).isEqualTo(2);
    assertThat(run("weave")).isEqualTo(2);
    assertThat(run("weave", "--fast", project.classes())).isEqualTo(2);
    assertThat(run("explain")).isEqualTo(2);
    assertThat(run("explain", "a.B")).isEqualTo(2);
    assertThat(run("explain", "a.B", "-cp", project.classes())).isEqualTo(2);
    assertThat(run("explain", "a/B.class")).isEqualTo(2);

    assertThat(err()).hasSize(8).allMatch(line -> line.endsWith("--help)"));
    assertThat(err().get(6)).startsWith("there is no class a.B in --classpath ");
    assertThat(out()).isEmpty();
  }

  @Test
  void helpTeachesByExamples() {
    assertThat(run("--help")).isZero();
    assertThat(run("weave", "--help")).isZero();
    assertThat(run("explain", "--help")).isZero();

    assertThat(out().stream().filter("Examples:"::equals)).hasSize(3);
    assertThat(out()).allMatch(line -> line.length() <= 100);
    assertThat(err()).isEmpty();
  }

  @Test
  void theVersionIsPrinted() {
    assertThat(run("--version")).isZero();

    assertThat(out()).singleElement().asString().matches("async-weaver \\d+\\.\\d+.*");
  }
}
