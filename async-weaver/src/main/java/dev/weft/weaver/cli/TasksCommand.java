package dev.weft.weaver.cli;

import dev.weft.weaver.tasks.heap.HeapTasks;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The command {@code tasks}. */
@Command(name = "tasks")
final class TasksCommand implements Callable<Integer> {
  @Option(names = "--heap")
  private @Nullable Path heap;

  @Option(names = "--tree")
  private boolean tree;

  @Option(names = "--json")
  private boolean json;

  @Option(names = "--locals")
  private boolean locals;

  @Spec
  @SuppressWarnings("NullAway.Init") // by picocli
  private CommandSpec spec;

  @Override
  public Integer call() throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (heap != null) {
      try (HeapTasks tasks = HeapTasks.open(heap, locals)) {
        if (json) {
          tasks.writeJson(out);
        } else {
          tasks.writeText(out, tree);
        }
      }
    }
    out.flush();
    return ExitCode.OK;
  }
}
