package dev.weft.weaver.maven;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.weaver.files.SmallProject;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.maven.plugin.MojoExecutionException;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugin.logging.SystemStreamLog;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the plugin prints, and when it fails the build. */
class WeaveMojoTest {
  @TempDir Path root;

  private final List<String> log = new ArrayList<>();
  private final WeaveMojo mojo = new WeaveMojo();
  private SmallProject project;

  @BeforeEach
  void mojo() throws Exception {
    project = new SmallProject(root);
    mojo.setLog(
        new SystemStreamLog() {
          @Override
          public void info(CharSequence content) {
            log.add("[INFO] " + content);
          }

          @Override
          public void warn(CharSequence content) {
            log.add("[WARN] " + content);
          }

          @Override
          public void error(CharSequence content) {
            log.add("[ERROR] " + content);
          }
        });
    set("classesDirectory", project.classes().toFile());
    set("engine", "direct");
    set("classpath", List.of(project.classes().toString(), SmallProject.asyncApi()));
  }

  private void set(String parameter, Object value) throws ReflectiveOperationException {
    var field = WeaveMojo.class.getDeclaredField(parameter);
    field.setAccessible(true);
    field.set(mojo, value);
  }

  @Test
  void theSummaryIsPrinted() throws Exception {
    project.compile("shop/Shop", SmallProject.SHOP);

    mojo.execute();
    mojo.execute();

    assertThat(log)
        .containsExactly(
            "[INFO] wove 1 method (direct 1) in 1 class, 2 suspension points",
            "[INFO] nothing to weave");
  }

  @Test
  void everyErrorIsPrintedBeforeTheBuildFails() throws Exception {
    project.compile("shop/Locked", SmallProject.LOCKED);
    Files.writeString(project.classFile("shop/Broken"), "not a class");

    assertThatThrownBy(mojo::execute)
        .isInstanceOf(MojoFailureException.class)
        .hasMessage("weaving failed with 2 errors in 2 files");

    assertThat(log).hasSize(3);
    assertThat(log.get(0)).startsWith("[ERROR] Locked.java:6: error: [WEFT009] ");
    assertThat(log.get(1))
        .startsWith("[ERROR] " + Path.of("shop", "Broken.class") + ": error: [WEFT030] ");
  }

  @Test
  void errorsNeedNotFailTheBuild() throws Exception {
    project.compile("shop/Locked", SmallProject.LOCKED);
    set("failOnError", false);

    mojo.execute();

    assertThat(log).hasSize(2);
    assertThat(log.get(0)).startsWith("[ERROR] Locked.java:6: error: [WEFT009] ");
    assertThat(log.get(1)).isEqualTo("[INFO] wove nothing: 1 error in 1 file");
  }

  @Test
  void warningsDoNotFailTheBuildAndAreSaidOnce() throws Exception {
    project.compile("shop/Blocking", SmallProject.BLOCKING);

    mojo.execute();
    mojo.execute();

    assertThat(log).hasSize(3);
    assertThat(log.get(0)).startsWith("[WARN] Blocking.java:6: warning: [WEFT041] ");
    assertThat(log.get(1))
        .isEqualTo("[INFO] wove 1 method (direct 1) in 1 class, 1 suspension point");
    assertThat(log.get(2)).isEqualTo("[INFO] nothing to weave");
  }

  @Test
  void aWarningThatIsRaisedToAnErrorFailsEveryBuild() throws Exception {
    project.compile("shop/Blocking", SmallProject.BLOCKING);
    set("diagnostics", "warnings=error");
    project.age();

    for (int build = 0; build < 2; build++) {
      assertThatThrownBy(mojo::execute)
          .isInstanceOf(MojoFailureException.class)
          .hasMessage("weaving failed with 1 error in 1 file");
    }

    assertThat(log.get(0)).startsWith("[ERROR] Blocking.java:6: error: [WEFT041] ");
    assertThat(project.written()).isEmpty();
  }

  @Test
  void aBadParameterIsRefusedWithTheGoodValues() throws Exception {
    set("engine", "fast");
    assertThatThrownBy(mojo::execute)
        .isInstanceOf(MojoExecutionException.class)
        .hasMessage("there is no engine 'fast': it is one of auto, ea and direct");

    set("engine", "ea");
    set("diagnostics", "WEFT009=off");
    assertThatThrownBy(mojo::execute)
        .isInstanceOf(MojoExecutionException.class)
        .hasMessageContaining("WEFT009 stands for what cannot be woven, and stays an error");
  }

  @Test
  void anotherEngineLeavesWovenClassesAsTheyAre() throws Exception {
    project.compile("shop/Shop", SmallProject.SHOP);
    set("engine", "ea");
    mojo.execute();
    project.age();
    set("engine", "auto");

    mojo.execute();

    assertThat(log.get(1)).isEqualTo("[INFO] nothing to weave");
    assertThat(project.written()).isEmpty();
  }

  @Test
  void weavingCanBeSkipped() throws Exception {
    project.compile("shop/Shop", SmallProject.SHOP);
    project.age();
    set("skip", true);

    mojo.execute();

    assertThat(log).containsExactly("[INFO] weaving is skipped");
    assertThat(project.written()).isEmpty();
  }
}
