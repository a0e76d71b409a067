package dev.weft.scheduler.watch;

import java.lang.management.LockInfo;
import java.lang.management.ThreadInfo;
import java.net.URL;
import java.security.CodeSource;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a stack says of a poll that lasts: what blocks it, where, and what to write instead.
 *
 * <p>The frames from the innermost to the first of the application are what the application has
 * called. Of those the outermost that is known names the call: {@code Thread.join}, and not the
 * {@code Object.wait} in it. The advice is in the words of the weaver's warning WEFT041, which
 * finds such calls at build time where it sees them; see its {@code BlockingCalls}.
 *
 * @param blocker what blocks, for people; null if nothing does
 * @param firstUse true if it computes because it loads classes
 * @param place the first line of the application; null if there is none
 * @param advice what to write instead
 * @param isNative true if it is in a native method that belongs to a known call which may block
 */
record StackReading(
    @Nullable String blocker,
    boolean firstUse,
    @Nullable StackTraceElement place,
    String advice,
    boolean isNative) {
  private static final String SPAWN_BLOCKING =
      "move it to a thread of its own with await(Async.spawnBlocking(() -> ...))";
  private static final String PROMISE = "await a CompletableFuture that the other side completes";
  private static final String AWAIT = "write await(future), which costs no more";
  private static final String SLEEP = "write await(Async.sleep(duration))";
  private static final String FILES = "use dev.weft.io.AsyncFiles, or " + SPAWN_BLOCKING;
  private static final String SOCKETS =
      "use TcpStream or a client that returns futures, or " + SPAWN_BLOCKING;
  private static final String QUEUE =
      "use dev.weft.sync.Mpsc, or its methods that do not wait, or " + SPAWN_BLOCKING;
  private static final String LOCK =
      "await a dev.weft.sync.AsyncMutex where it is held for long, or " + SPAWN_BLOCKING;
  private static final String COMPUTES =
      "let others go first now and then with await(Async.yieldNow()), or " + SPAWN_BLOCKING;
  private static final String ONCE =
      "it is so the first time only; use what takes long before there is traffic";

  /** Packages of drivers for databases: what they read from a socket is an answer to a query. */
  private static final List<String> DATABASES =
      List.of(
          "org.postgresql.",
          "com.mysql.",
          "org.mariadb.",
          "oracle.",
          "com.microsoft.sqlserver.",
          "com.ibm.db2.",
          "org.h2.",
          "org.hsqldb.",
          "org.apache.derby.",
          "org.sqlite.");

  /**
   * A call that blocks.
   *
   * @param type the class of its frame, or what its name begins with if that ends in {@code *}
   * @param methods their names, or what they begin with; empty for all
   * @param name for people; empty for the simple name of the class and the method's
   */
  private record Rule(String type, List<String> methods, String name, String advice) {
    boolean covers(StackTraceElement frame) {
      String in = frame.getClassName();
      boolean type =
          this.type.endsWith("*")
              ? in.startsWith(this.type.substring(0, this.type.length() - 1))
              : in.equals(this.type);
      return type
          && (methods.isEmpty() || methods.stream().anyMatch(frame.getMethodName()::startsWith));
    }

    String name(StackTraceElement frame) {
      return name.isEmpty() ? simple(frame) : name;
    }

    private static String simple(StackTraceElement frame) {
      String type = frame.getClassName();
      return type.substring(type.lastIndexOf('.') + 1) + "." + frame.getMethodName();
    }
  }

  private static Rule rule(String type, String methods, String name, String advice) {
    return new Rule(
        type, methods.isEmpty() ? List.of() : List.of(methods.split(" ")), name, advice);
  }

  private static final String CONCURRENT = "java.util.concurrent.";

  /** The first that covers a frame counts. */
  private static final List<Rule> RULES =
      List.of(
          rule("java.lang.Thread", "sleep", "Thread.sleep", SLEEP),
          rule(CONCURRENT + "TimeUnit", "sleep", "TimeUnit.sleep", SLEEP),
          rule("java.lang.Thread", "join", "Thread.join", SPAWN_BLOCKING),
          rule("java.lang.Object", "wait", "Object.wait", PROMISE),
          rule(
              "java.lang.ProcessImpl",
              "waitFor",
              "Process.waitFor",
              "write await(process.onExit())"),
          rule("java.lang.Process", "waitFor", "Process.waitFor", "write await(process.onExit())"),
          rule(CONCURRENT + "CompletableFuture", "join", "CompletableFuture.join", AWAIT),
          rule(CONCURRENT + "CompletableFuture", "get", "CompletableFuture.get", AWAIT),
          rule(
              CONCURRENT + "FutureTask",
              "get",
              "Future.get",
              "await a CompletionStage, or " + SPAWN_BLOCKING),
          rule(CONCURRENT + "ForkJoinTask", "join get invoke", "", SPAWN_BLOCKING),
          rule(CONCURRENT + "CountDownLatch", "await", "", PROMISE),
          rule(CONCURRENT + "CyclicBarrier", "await", "", PROMISE),
          rule(CONCURRENT + "Phaser", "awaitAdvance arriveAndAwait", "", PROMISE),
          rule(CONCURRENT + "Exchanger", "exchange", "", PROMISE),
          rule(CONCURRENT + "Semaphore", "acquire tryAcquire", "", SPAWN_BLOCKING),
          rule(
              CONCURRENT + "locks.AbstractQueuedSynchronizer$ConditionObject",
              "await",
              "Condition.await",
              PROMISE),
          rule(CONCURRENT + "locks.ReentrantLock", "lock tryLock", "", LOCK),
          rule(CONCURRENT + "locks.ReentrantReadWriteLock$ReadLock", "lock tryLock", "", LOCK),
          rule(CONCURRENT + "locks.ReentrantReadWriteLock$WriteLock", "lock tryLock", "", LOCK),
          rule(CONCURRENT + "locks.StampedLock", "", "", LOCK),
          rule(CONCURRENT + "ThreadPoolExecutor", "awaitTermination", "", SPAWN_BLOCKING),
          rule(CONCURRENT + "ForkJoinPool", "awaitTermination", "", SPAWN_BLOCKING),
          rule(CONCURRENT + "AbstractExecutorService", "invoke", "", SPAWN_BLOCKING),
          rule(CONCURRENT + "*", "take put poll offer transfer", "", QUEUE),
          rule("java.net.InetAddress", "", "InetAddress, the look-up of a name", SPAWN_BLOCKING),
          rule("java.net.Inet*", "lookup getHostByAddr", "the look-up of a name", SPAWN_BLOCKING),
          rule("java.net.Socket*", "read write connect", "a socket", SOCKETS),
          rule("java.net.ServerSocket", "accept implAccept", "ServerSocket.accept", SOCKETS),
          rule(
              "java.net.DatagramSocket", "receive send", "", "use UdpSocket, or " + SPAWN_BLOCKING),
          rule("java.net.Socks*", "", "a socket", SOCKETS),
          rule("sun.nio.ch.NioSocketImpl", "", "a socket", SOCKETS),
          rule("sun.nio.ch.SocketAdaptor", "", "a socket", SOCKETS),
          rule("sun.nio.ch.SocketChannelImpl", "", "a SocketChannel that blocks", SOCKETS),
          rule("sun.nio.ch.ServerSocketChannelImpl", "", "ServerSocketChannel.accept", SOCKETS),
          rule(
              "sun.nio.ch.DatagramChannelImpl",
              "",
              "a DatagramChannel that blocks",
              "use UdpSocket, or " + SPAWN_BLOCKING),
          rule("sun.nio.ch.SelectorImpl", "select", "Selector.select", SPAWN_BLOCKING),
          rule("sun.nio.ch.FileChannelImpl", "", "a FileChannel", FILES),
          rule("sun.nio.fs.*", "", "the file system", FILES),
          rule("java.nio.file.*", "", "the file system", FILES),
          rule("java.io.RandomAccessFile", "", "a RandomAccessFile", FILES),
          rule(
              "java.lang.ProcessImpl*",
              "",
              "the start or a stream of a process",
              "use dev.weft.io.AsyncProcess, or " + SPAWN_BLOCKING),
          rule(
              "java.lang.ProcessBuilder",
              "",
              "the start of a process",
              "use dev.weft.io.AsyncProcess, or " + SPAWN_BLOCKING),
          rule(
              "java.io.FileInputStream",
              "",
              "FileInputStream, of a file, a pipe or System.in",
              FILES),
          rule(
              "java.io.FileOutputStream",
              "",
              "FileOutputStream, to a file, a pipe or System.out",
              FILES + "; for log lines an asynchronous appender"),
          rule("java.util.zip.ZipFile*", "", "a zip or jar file", SPAWN_BLOCKING),
          rule(CONCURRENT + "locks.LockSupport", "park", "LockSupport.park", SPAWN_BLOCKING));

  /** Frames of a first use. */
  private static final List<Rule> FIRST_USE =
      List.of(
          rule("java.lang.ClassLoader", "loadClass defineClass", "", ONCE),
          rule("jdk.internal.loader.*", "loadClass findClass defineClass", "", ONCE),
          rule("java.lang.Class", "forName", "", ONCE),
          rule("java.lang.invoke.*", "link spin makeSite", "", ONCE));

  /**
   * Reads a stack.
   *
   * @param stack not empty, the innermost frame first
   * @param waiting true if the thread waits, in the JVM's eyes
   * @param info what it waits for; null if that is not known
   */
  static StackReading of(StackTraceElement[] stack, boolean waiting, @Nullable ThreadInfo info) {
    int outside = first(stack, 0, frame -> !isOfPlatform(frame));
    int at = first(stack, outside, frame -> !isOfPlatform(frame) && !isOfLibrary(frame));
    StackTraceElement place = at < stack.length ? stack[at] : null;
    if (waiting && info != null && info.getThreadState() == Thread.State.BLOCKED) {
      return new StackReading(monitor(info), false, place, LOCK, false);
    }
    StackTraceElement named = null;
    Rule rule = null;
    for (int i = 0; i < at; i++) {
      for (Rule one : RULES) {
        if (one.covers(stack[i])) {
          rule = one;
          named = stack[i];
          break;
        }
      }
    }
    // Netty's channels do not block, though they are the JDK's inside.
    boolean ofNetty =
        outside < stack.length && stack[outside].getClassName().startsWith("io.netty.");
    boolean isNative = !waiting && rule != null && stack[0].isNativeMethod() && !ofNetty;
    int loading = first(stack, 0, StackReading::isFirstUse);
    if (waiting || (isNative && loading >= at)) { // else it reads the file that a class comes from
      return blocked(stack, at, rule, named, info, isNative);
    }
    int initializing = first(stack, 0, frame -> frame.getMethodName().equals("<clinit>"));
    return loading < at || initializing <= Math.min(at, stack.length - 1)
        ? new StackReading(null, true, place, ONCE, isNative)
        : new StackReading(null, false, place, COMPUTES, false);
  }

  private static boolean isFirstUse(StackTraceElement frame) {
    return FIRST_USE.stream().anyMatch(one -> one.covers(frame));
  }

  private static StackReading blocked(
      StackTraceElement[] stack,
      int at,
      @Nullable Rule rule,
      @Nullable StackTraceElement named,
      @Nullable ThreadInfo info,
      boolean isNative) {
    StackTraceElement place = at < stack.length ? stack[at] : null;
    if (place != null && isOfDatabase(place)) {
      int caller = first(stack, at, frame -> !isOfDatabase(frame) && isOfProgram(frame));
      StackTraceElement own = caller < stack.length ? stack[caller] : place;
      return new StackReading("a call of JDBC", false, own, SPAWN_BLOCKING, isNative);
    }
    if (rule == null || named == null) {
      return new StackReading(Rule.simple(stack[0]), false, place, SPAWN_BLOCKING, isNative);
    }
    return new StackReading(rule.name(named) + heldBy(info), false, place, rule.advice(), isNative);
  }

  private static String monitor(ThreadInfo info) {
    LockInfo lock = info.getLockInfo();
    return "the entry to a synchronized block or method"
        + (lock == null ? "" : " of " + lock)
        + heldBy(info);
  }

  private static String heldBy(@Nullable ThreadInfo info) {
    String owner = info == null ? null : info.getLockOwnerName();
    return owner == null ? "" : " (held by \"" + owner + "\")";
  }

  private static int first(StackTraceElement[] stack, int from, Predicate<StackTraceElement> what) {
    int at = from;
    while (at < stack.length && !what.test(stack[at])) {
      at++;
    }
    return at;
  }

  // ---- whose code it is

  private static boolean isOfProgram(StackTraceElement frame) {
    return !isOfPlatform(frame) && !isOfLibrary(frame);
  }

  private static boolean isOfPlatform(StackTraceElement frame) {
    String type = frame.getClassName();
    return type.startsWith("java.")
        || type.startsWith("javax.")
        || type.startsWith("jdk.")
        || type.startsWith("sun.")
        || type.startsWith("com.sun.");
  }

  private static boolean isOfDatabase(StackTraceElement frame) {
    String type = frame.getClassName();
    return type.contains(".jdbc.") || DATABASES.stream().anyMatch(type::startsWith);
  }

  /**
   * Netty's, or ours: by where the class comes from, as an application may live in our packages.
   */
  private static boolean isOfLibrary(StackTraceElement frame) {
    String type = frame.getClassName();
    if (type.startsWith("io.netty.") || type.contains("$$Lambda")) { // which has no line
      return true;
    }
    if (!type.startsWith("dev.weft.")) {
      return false;
    }
    try {
      Class<?> found = Class.forName(type, false, StackReading.class.getClassLoader());
      return source(StackReading.class) != null
          && String.valueOf(source(found)).equals(String.valueOf(source(StackReading.class)));
    } catch (ClassNotFoundException | LinkageError | SecurityException another) {
      return false; // this loader does not know it, so it is none of ours
    }
  }

  private static @Nullable URL source(Class<?> type) {
    CodeSource from = type.getProtectionDomain().getCodeSource();
    return from == null ? null : from.getLocation();
  }
}
