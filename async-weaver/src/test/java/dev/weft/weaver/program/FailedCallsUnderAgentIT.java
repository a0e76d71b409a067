package dev.weft.weaver.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.Engine;
import dev.weft.weaver.agent.ForkedJvm;
import dev.weft.weaver.files.SmallProject;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What {@link FailedCallsTest} expects, of a program that no build has woven: hidden frames. */
class FailedCallsUnderAgentIT extends FailedCallsTest {
  private static final String PACKAGE = FailedCalls.class.getPackageName();

  @Override
  String run(Engine engine, List<String> options, String executor)
      throws IOException, InterruptedException {
    String name = FailedCalls.class.getSimpleName();
    String source = // in another package, as the agent leaves the weaver's own alone
        Files.readString(SOURCE).replace("package " + PACKAGE, "package app");
    SmallProject project = new SmallProject(folder).compile("app/" + name, source);
    List<String> command = new ArrayList<>(options);
    command.add(ForkedJvm.agent("=engine=" + engine.name().toLowerCase(Locale.ROOT)));
    command.addAll(
        List.of(
            "-Xverify:all",
            "-cp",
            project.classes() + File.pathSeparator + SmallProject.runtimePath(),
            "app." + name,
            executor));
    ForkedJvm end = ForkedJvm.run(folder, command.toArray(new String[0]));
    assertThat(end.exitCode()).as(end.out() + "\n" + end.errWithoutJvmWarnings()).isZero();
    return String.join("\n", end.out()).replace("app." + name, FailedCalls.class.getName());
  }
}
