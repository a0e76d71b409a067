package dev.weft.weaver.agent;

import dev.weft.weaver.tasks.attach.TasksAgent;
import java.lang.instrument.Instrumentation;
import org.jspecify.annotations.Nullable;

/**
 * Weaves classes while the JVM loads them.
 *
 * <pre>{@code
 * java -javaagent:async-weaver-agent.jar ...
 * java -javaagent:async-weaver-agent.jar=include=com.example.shop:com.example.bank ...
 * java -javaagent:async-weaver-agent.jar=engine=direct,diagnostics=warnings=off:WEFT041=warning ...
 * }</pre>
 *
 * Without {@code include}, the classes of every class loader are woven except the JDK's. A class
 * that cannot be woven is loaded as it is: the reason is logged as an error to the {@link
 * System.Logger} {@code dev.weft.weaver.agent}, and its {@code await} then throws {@link
 * IllegalStateException}. So does that of {@code com.ea.async.Async}: its own body, which would
 * block or attach EA's agent beside this one, is replaced when it is loaded, whatever is included.
 *
 * <p>Classes that the Maven plugin has woven are left alone.
 */
public final class WeaverAgent {
  private static boolean installed;

  private WeaverAgent() {}

  /**
   * Called by the JVM for {@code -javaagent}. Ends it with exit code 2 if the options are wrong.
   */
  public static void premain(@Nullable String options, Instrumentation instrumentation) {
    try {
      install(AgentOptions.parse(options), instrumentation);
    } catch (IllegalArgumentException e) {
      System.err.println(e.getMessage());
      System.exit(2);
    }
  }

  /**
   * Called by the JVM when the agent is attached to it. Besides, logs an error for every class that
   * needed weaving and is loaded already. With the option {@code tasks=...} it weaves nothing, and
   * has Weft's tasks written to a file: {@code jcmd <pid> JVMTI.agent_load
   * /path/to/async-weaver-agent.jar '"tasks=text:/tmp/tasks.txt"'}.
   */
  public static void agentmain(@Nullable String options, Instrumentation instrumentation) {
    if (options != null && TasksAgent.isAsked(options)) {
      String trouble = TasksAgent.run(options, instrumentation);
      if (trouble != null) {
        WeavingTransformer.logger().log(System.Logger.Level.ERROR, trouble);
      }
      return;
    }
    try {
      WeavingTransformer transformer = install(AgentOptions.parse(options), instrumentation);
      if (transformer != null) {
        WeavingTransformer.replaceLoadedEaAsync(instrumentation);
        transformer.reportLoadedTooEarly(instrumentation.getAllLoadedClasses());
      }
    } catch (IllegalArgumentException e) {
      WeavingTransformer.logger().log(System.Logger.Level.ERROR, e.getMessage());
    }
  }

  /** Registers the transformer; null if there is one already. */
  private static synchronized @Nullable WeavingTransformer install(
      AgentOptions options, Instrumentation instrumentation) {
    if (installed) {
      return null;
    }
    WeavingTransformer transformer = new WeavingTransformer(options);
    // Transformers that can retransform come after those that cannot: so a coverage agent (JaCoCo
    // is of the other kind) sees the class as it was compiled, which is what its report compares
    // with.
    instrumentation.addTransformer(transformer, true);
    installed = true;
    return transformer;
  }

  private static synchronized boolean isInstalled() {
    return installed;
  }

  /**
   * Attaches the agent to the JVM that this is called in, for programs that cannot be given a
   * command line option. Needs {@code async-weaver-agent.jar} on the class path, and takes about
   * half a second: a JVM may not attach to itself, so a helper process does. Does nothing if the
   * agent is there already.
   *
   * <p>Classes that are loaded by then stay as they are, since the JVM adds no methods to a loaded
   * class. That includes the class of the caller, so attach from a class that awaits nothing,
   * before those that do are used. For each class that came too early an error is logged.
   *
   * <p>JDK 21 and later print a warning about agents that are loaded dynamically; {@code
   * -XX:+EnableDynamicAgentLoading} silences it.
   *
   * @throws IllegalStateException if this JVM cannot be attached to; the message says why and what
   *     to do
   */
  public static void attach() {
    if (!isInstalled()) {
      SelfAttach.attach();
    }
  }
}
