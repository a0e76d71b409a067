package dev.weft.weaver;

/**
 * The names by which woven code and the run time know each other. The weaver depends on {@code
 * async-api} through these strings alone, so that no woven application carries the weaver.
 *
 * <pre>{@code
 * boolean isFrame = className.contains(Names.FRAME_INFIX); // shop/Shop$weft$buy
 * }</pre>
 */
public final class Names {
  public static final String ASYNC = "dev/weft/Async";
  public static final String EA_ASYNC = "com/ea/async/Async";
  public static final String AWAIT = "await";
  public static final String AWAIT_DESC =
      "(Ljava/util/concurrent/CompletionStage;)Ljava/lang/Object;";
  public static final String EA_INIT = "init";

  /** The annotation that keeps EA Async from a method, or from a class. */
  public static final String WOVEN_DIRECT_DESC = "Ldev/weft/WovenDirect;";

  /** The annotation of a test that returns a future, and who is handed that future. */
  public static final String ASYNC_TEST_DESC = "Ldev/weft/junit/AsyncTest;";

  public static final String ASYNC_TEST_BODY = "dev/weft/junit/AsyncTestBody";

  /** The annotation of methods whose future nobody has to look at. */
  public static final String MAY_BE_DROPPED_DESC = "Ldev/weft/MayBeDropped;";

  public static final String FUTURE_ADAPTER = "dev/weft/FutureAdapter";
  public static final String TASK = "dev/weft/Task";
  public static final String TASK_DESC = "Ldev/weft/Task;";
  public static final String AWAIT_RUNTIME = "dev/weft/frame/Await";
  public static final String BARE = "dev/weft/frame/Bare";
  public static final String BARE_LINK = "dev/weft/frame/BareLink";
  public static final String SHARED_FAILURES = "dev/weft/frame/SharedFailures";
  public static final String SPAWN_SITE = "dev/weft/frame/SpawnSite";
  public static final String SETTLED = "dev/weft/frame/Settled";
  public static final String FRAME = "dev/weft/frame/Frame";
  public static final String FRAME_DESC = "Ldev/weft/frame/Frame;";
  public static final String ADAPTATION = "dev/weft/frame/Adaptation";
  public static final String HIDDEN_FRAMES = "dev/weft/frame/HiddenFrames";

  public static final String ASYNC_CLOSEABLE = "dev/weft/AsyncCloseable";
  public static final String CLOSE = "close";
  public static final String CLOSE_DESC = "()V";
  public static final String CLOSE_ASYNC = "closeAsync";
  public static final String STREAM = "dev/weft/stream/AsyncStream";
  public static final String EMIT = "emit";
  public static final String EMIT_DESC = "(Ljava/lang/Object;)V";
  public static final String END = "end";
  public static final String END_DESC = "()Ldev/weft/stream/AsyncStream;";
  public static final String GENERATOR = "dev/weft/stream/Generator";
  public static final String GENERATOR_BODY = "dev/weft/stream/Generator$Body";

  public static final String STAGE = "java/util/concurrent/CompletionStage";
  public static final String FUTURE = "java/util/concurrent/CompletableFuture";
  public static final String FUTURE_DESC = "Ljava/util/concurrent/CompletableFuture;";
  public static final String OBJECT_DESC = "Ljava/lang/Object;";
  public static final String STRING_DESC = "Ljava/lang/String;";

  /** Stands in the name of every generated frame class, between the class's and the method's. */
  public static final String FRAME_INFIX = "$weft$";

  /** A method's name that no method has in another class of the package. */
  public static String ofClass(String method, String owner) {
    return method + "$" + owner.substring(owner.lastIndexOf('/') + 1);
  }

  private Names() {}
}
