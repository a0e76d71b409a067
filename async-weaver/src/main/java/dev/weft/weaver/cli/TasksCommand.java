package dev.weft.weaver.cli;

import dev.weft.weaver.tasks.attach.AttachModule;
import dev.weft.weaver.tasks.attach.DumpFormat;
import dev.weft.weaver.tasks.attach.DumpedTasks;
import dev.weft.weaver.tasks.attach.OwnJar;
import dev.weft.weaver.tasks.attach.RunningJvm;
import dev.weft.weaver.tasks.heap.HeapTasks;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The command {@code tasks}. */
@Command(
    name = "tasks",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    header = "Shows all tasks of a JVM, where each stands, and what it waits for.",
    description = {
      "Of a JVM that runs, by the number of its process; it need not have been started with anything,"
          + " and all its threads may be busy. Or of a heap dump. Also shown: calls of async methods"
          + " that belong to no task, and deadlocks, of tasks that wait for each other or for locks.",
      "",
      "Without a number and without --heap it lists the JVMs that there are.",
      ""
    },
    footer = {
      "",
      "A task is shown like this, its innermost call first:",
      "",
      "  t7 \"order\" suspended for 1.204 s: waits for a sleep, 1.500 s left",
      "      spawned at shop.Main.main(Main.java:12), 3.008 s ago; 12 polls",
      "      at await//shop.Shop.pay(Shop.java:40)",
      "      at await//shop.Shop.buy(Shop.java:31)",
      "",
      "The JVM is attached to, as jcmd does: by its own user or root, on the same machine, in the same"
          + " container. From JDK 21 on it prints a warning that an agent was loaded; it stays as it"
          + " was. The same without this command: jcmd 4711 JVMTI.agent_load"
          + " /path/to/async-weaver-agent.jar '\"tasks=text:/tmp/tasks.txt\"'",
      "",
      "In a heap dump, a task that nobody has asked for its number is called by its address, as in"
          + " t@6874527b8, and how much of a sleep is left is not said. One that holds garbage too"
          + " (jcmd GC.heap_dump -all) may show calls that nobody can complete any more.",
      "",
      "Examples:",
      "  ... tasks                         lists JVMs",
      "  ... tasks 4711 --tree | less      shows who waits for whom",
      "  ... tasks 4711 --json > now.json  for programs; the form is docs/schema/tasks-1.json",
      "  jcmd 4711 GC.heap_dump /tmp/shop.hprof; ... tasks --heap /tmp/shop.hprof",
      "",
      "Exit codes: 0 done, 1 the JVM or the file cannot be read, 2 the command is wrong."
    })
final class TasksCommand implements Callable<Integer> {
  @Parameters(arity = "0..1", paramLabel = "PID", description = "The number of the JVM's process.")
  private @Nullable Long pid;

  @Option(
      names = "--heap",
      paramLabel = "FILE",
      description =
          "A heap dump of a JVM in place of one that runs: .hprof, or compressed by gzip. It is read"
              + " in pieces: 512 MB of memory (java -Xmx512m) will do for a million tasks.")
  private @Nullable Path heap;

  @Option(
      names = "--tree",
      description = "Each task below the one that waits for it, or in whose scope it is.")
  private boolean tree;

  @Option(names = "--json", description = "JSON in place of text.")
  private boolean json;

  @Option(
      names = "--locals",
      description = "With the values of AsyncLocals, as text. They may tell secrets.")
  private boolean locals;

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    if (pid != null && heap != null) {
      throw wrong("give the number of a process or --heap, not both");
    }
    if (json && tree) {
      throw wrong("--tree is for text; the JSON says of each task who awaits it");
    }
    try {
      if (heap != null) {
        showHeap(heap);
      } else if (pid != null) {
        showJvm(pid);
      } else if (json || tree || locals) {
        throw wrong("which JVM? Give the number of its process; without options, JVMs are listed");
      } else {
        listJvms();
      }
    } catch (CommandOutput.ClosedException nobodyReads) {
      return ExitCode.OK;
    }
    return ExitCode.OK;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private void showHeap(Path file) throws IOException {
    CommandOutput out = new CommandOutput(spec.commandLine().getOut());
    try (HeapTasks tasks = HeapTasks.open(file, locals)) {
      if (json) {
        tasks.writeJson(out);
      } else {
        tasks.writeText(out, tree);
      }
    } catch (OutOfMemoryError e) {
      throw new IOException(
          file
              + ": there are more tasks in it than fit in "
              + Runtime.getRuntime().maxMemory() / (1 << 20)
              + " MB: java -Xmx2g -jar ... allows more",
          e);
    }
    out.flush();
  }

  private void showJvm(long number) throws IOException {
    refuseWithoutModule();
    DumpFormat format = json ? DumpFormat.JSON : tree ? DumpFormat.TREE : DumpFormat.TEXT;
    try (RunningJvm jvm = RunningJvm.attach(number);
        DumpedTasks tasks = jvm.dump(OwnJar.find(), format, locals);
        Reader text = tasks.open()) {
      CommandOutput out = new CommandOutput(spec.commandLine().getOut());
      out.copy(text, json);
      out.flush();
    }
  }

  private void listJvms() throws IOException {
    refuseWithoutModule();
    List<RunningJvm.Found> all = RunningJvm.list();
    if (all.isEmpty()) {
      spec.commandLine().getErr().println("there is no other JVM of this user that can be seen");
    }
    CommandOutput out = new CommandOutput(spec.commandLine().getOut());
    for (RunningJvm.Found one : all) {
      out.append(one.pid() + " " + one.command()).append(System.lineSeparator());
    }
    out.flush();
  }

  private static void refuseWithoutModule() throws IOException {
    if (!AttachModule.isThere()) {
      throw new IOException(
          "this Java runtime ("
              + System.getProperty("java.home")
              + ") was made without the module jdk.attach: run this command by a JDK's java");
    }
  }
}
