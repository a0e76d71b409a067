package dev.weft.context;

import dev.weft.AsyncLocal;
import io.micrometer.context.ContextRegistry;
import io.micrometer.context.ThreadLocalAccessor;
import io.micrometer.context.integration.Slf4jThreadLocalAccessor;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.ContextKey;
import org.slf4j.MDC;

/**
 * One request's values, in each of the places where applications keep them: the log's MDC, an
 * OpenTelemetry context, a thread-local of their own, what is bound for the time of a call.
 */
@SuppressWarnings("MustBeClosedChecker") // what is attached stays, until another is
final class Bound {
  static final ThreadLocal<String> OWN = new ThreadLocal<>();
  private static final ContextKey<String> TRACE = ContextKey.named("trace");

  /** What is bound for the time of a call: as a ScopedValue, which only Java 25 has. */
  private static final ThreadLocal<String> SCOPE = new ThreadLocal<>();

  static {
    AsyncLocal.carry(SCOPE::get, Bound::inScope);
  }

  /** OpenTelemetry publishes none; the one that AsyncLocal's page shows. */
  static final class TraceAccessor implements ThreadLocalAccessor<Context> {
    @Override
    public Object key() {
      return "opentelemetry";
    }

    @Override
    public Context getValue() {
      Context context = Context.current();
      return context == Context.root() ? null : context;
    }

    @Override
    public void setValue(Context context) {
      context.makeCurrent(); // the scope is not closed: the next setValue or restore ends it
    }

    @Override
    public void setValue() {
      Context.root().makeCurrent();
    }
  }

  private Bound() {}

  static void register() {
    ContextRegistry.getInstance()
        .registerThreadLocalAccessor(new Slf4jThreadLocalAccessor())
        .registerThreadLocalAccessor(new TraceAccessor())
        .registerThreadLocalAccessor("own", OWN);
  }

  static void unregister() {
    ContextRegistry registry = ContextRegistry.getInstance();
    registry.removeThreadLocalAccessor(Slf4jThreadLocalAccessor.KEY);
    registry.removeThreadLocalAccessor("opentelemetry");
    registry.removeThreadLocalAccessor("own");
  }

  static void inScope(String value, Runnable body) {
    String before = SCOPE.get();
    SCOPE.set(value);
    try {
      body.run();
    } finally {
      SCOPE.set(before);
    }
  }

  /** Sets all but what is bound for the time of a call. */
  static void set(String value) {
    if (value == null) {
      MDC.remove("request");
      Context.root().makeCurrent();
      OWN.remove();
    } else {
      MDC.put("request", value);
      Context.root().with(TRACE, value).makeCurrent();
      OWN.set(value);
    }
  }

  /** What the calling thread has. */
  static String seen() {
    return MDC.get("request") + " " + Context.current().get(TRACE) + " " + OWN.get();
  }

  static String scope() {
    return SCOPE.get();
  }

  /** What is to be seen where that was set. */
  static String all(String value) {
    return value + " " + value + " " + value;
  }
}
