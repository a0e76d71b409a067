package dev.weft.frame;

import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Where tasks are spawned. Woven code says at each call that spawns what it is about to hand over,
 * and where that stands; the executor that makes the task of it takes that, and keeps it in place
 * of the class that the body is of.
 *
 * <pre>{@code
 * Callable<CompletableFuture<Receipt>> body = () -> buy(shop, item);
 * // What woven code does; a program calls spawn and no more.
 * executor.spawn("order", SpawnSite.mark(body, "shop.Main\tmain\tMain.java\t12"));
 * }</pre>
 *
 * <p>The site is a string constant, as the lines of the awaits are: it costs a store, and no
 * object. A mark that nobody takes (the call has refused the body) is overwritten by the next one,
 * and says nothing to a task of another body.
 */
public final class SpawnSite {
  /** For threads that carry no executor, which spawn seldom. */
  private static final ThreadLocal<@Nullable Mark> OUTSIDE = new ThreadLocal<>();

  /** The last mark of a thread. Confined to it. */
  static class Mark {
    private @Nullable Object body;
    private @Nullable String site;
  }

  private static final int PARTS = 4;

  /** Those that were told of lately: a report has one of them for a million tasks. */
  private static final Map<String, Parsed> PARSED = new ConcurrentHashMap<>();

  /** Guessed: more places than a program spawns at. */
  private static final int MOST_PARSED = 4096;

  /** In place of a method's name. */
  private static final String UNKNOWN = "<spawned>";

  private static final String NO_FILE = "in a class that is not woven";

  private SpawnSite() {}

  /**
   * Notes that the calling thread is about to spawn a body. Woven code calls this.
   *
   * @param site the binary name of the class that spawns, the method's name, the source file (or
   *     empty) and the line, separated by tabs
   * @return the body
   */
  public static <T extends @Nullable Object> Callable<T> mark(Callable<T> body, String site) {
    Carrier carrier = Carrier.current();
    Mark mark;
    if (carrier == null) {
      mark = new Mark();
      OUTSIDE.set(mark);
    } else {
      mark = carrier.spawns();
    }
    mark.body = body;
    mark.site = site;
    return body;
  }

  /**
   * Where the calling thread was about to spawn a body, for who makes the task.
   *
   * @return null if that is not known: the call is in a class that was not woven
   */
  public static @Nullable String take(Object body) {
    Carrier carrier = Carrier.current();
    Mark mark = carrier == null ? OUTSIDE.get() : carrier.spawns();
    if (mark == null || mark.body != body) {
      return null;
    }
    String site = mark.site;
    mark.body = null;
    if (carrier == null) {
      OUTSIDE.remove();
    }
    return site;
  }

  /** The class in which a site is. */
  public static String className(String site) {
    int end = site.indexOf('\t');
    return end < 0 ? site : site.substring(0, end);
  }

  /** For people. */
  public static String describe(String site) {
    return parsed(site).words;
  }

  /** The class, method, file and line of a site, as in a stack trace. */
  public static String place(String site) {
    return parsed(site).element.toString();
  }

  /** A site as an element of a stack trace: the same each time, while it is known. */
  static StackTraceElement element(String site) {
    return parsed(site).element;
  }

  private static Parsed parsed(String site) {
    Parsed known = PARSED.get(site);
    if (known == null) {
      StackTraceElement element = parse(null, site);
      known = new Parsed(element, "spawned at " + element);
      if (PARSED.size() >= MOST_PARSED) {
        PARSED.clear();
      }
      PARSED.put(site, known);
    }
    return known;
  }

  private record Parsed(StackTraceElement element, String words) {}

  private static StackTraceElement parse(@Nullable String mark, String site) {
    String[] parts = site.split("\t", -1);
    if (parts.length != PARTS) {
      return new StackTraceElement(mark, null, null, className(site), UNKNOWN, null, -1);
    }
    int line = Integer.parseInt(parts[PARTS - 1]);
    return new StackTraceElement(
        mark,
        null,
        null,
        parts[0],
        parts[1],
        parts[2].isEmpty() ? null : parts[2],
        line > 0 ? line : -1);
  }

  /** A task, as the outermost element of a stack trace: {@code at task 7 "order"//shop.Main..}. */
  static StackTraceElement element(Spawn<?> task) {
    String site = task.spawnSite();
    String mark = name(task);
    return site == null
        ? new StackTraceElement(mark, null, null, task.codeName(), UNKNOWN, NO_FILE, -1)
        : parse(mark, site);
  }

  /** For people: {@code task 7 "order"}. */
  static String name(Spawn<?> task) {
    String name = task.name();
    StringBuilder mark = new StringBuilder("task");
    if (task.id() != 0) {
      mark.append(' ').append(task.id());
    }
    if (name != null) {
      mark.append(" \"").append(oneLine(name)).append('"');
    }
    return mark.toString();
  }

  /** What anybody may have written, without what begins a line, or steers a terminal. */
  public static String oneLine(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        StringBuilder line = new StringBuilder(text);
        for (int j = i; j < line.length(); j++) {
          line.setCharAt(j, Character.isISOControl(line.charAt(j)) ? ' ' : line.charAt(j));
        }
        return line.toString();
      }
    }
    return text;
  }
}
