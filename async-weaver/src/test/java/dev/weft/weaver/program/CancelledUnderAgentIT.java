package dev.weft.weaver.program;

import dev.weft.weaver.agent.ForkedJvm;
import dev.weft.weaver.files.SmallProject;
import java.io.File;
import java.nio.file.Files;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What {@link CancelledTest} expects, of a program that no build has woven. */
class CancelledUnderAgentIT extends CancelledTest {
  @Override
  WovenProgram.End run(String what, String executor) throws Exception {
    String name = Cancelled.class.getSimpleName();
    String source = // in another package, as the agent leaves the weaver's own alone
        Files.readString(SOURCE)
            .replace("package " + Cancelled.class.getPackageName(), "package app");
    SmallProject project = new SmallProject(folder).compile("app/" + name, source);
    ForkedJvm end =
        ForkedJvm.run(
            folder,
            ForkedJvm.agent(""),
            "-Xmx48m", // the weaver is in there too
            "-XX:+UseSerialGC",
            "-Xverify:all",
            "-cp",
            project.classes() + File.pathSeparator + SmallProject.runtimePath(),
            "app." + name,
            what,
            executor);
    return new WovenProgram.End(
        end.exitCode(),
        Stream.concat(end.out().stream(), end.errWithoutJvmWarnings().stream())
            .collect(Collectors.joining("\n")));
  }
}
