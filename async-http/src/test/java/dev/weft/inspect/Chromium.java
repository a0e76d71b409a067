package dev.weft.inspect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A browser without a window, told what to do by the DevTools protocol over a WebSocket: as much of
 * it as the tests of the page need. <a
 * href="https://chromedevtools.github.io/devtools-protocol/">The protocol</a>.
 */
final class Chromium implements AutoCloseable {
  /** The names that distributions give it. */
  private static final List<String> NAMES =
      List.of(
          "chromium",
          "chromium-browser",
          "chromium-headless-shell",
          "google-chrome",
          "google-chrome-stable",
          "chrome-headless-shell");

  private static final Duration LONG = Duration.ofMinutes(2);
  private static final Pattern ID = Pattern.compile("^\\{\"id\":(\\d+)");
  private static final Pattern SESSION = Pattern.compile("\"sessionId\":\"([^\"]+)\"");
  private static final Pattern TARGET = Pattern.compile("\"targetId\":\"([^\"]+)\"");
  private static final Pattern DATA = Pattern.compile("\"data\":\"([^\"]*)\"");

  private final Process process;
  private final Path profile;
  private final WebSocket socket;
  private final AtomicInteger last = new AtomicInteger();
  private final Map<Integer, CompletableFuture<String>> replies = new ConcurrentHashMap<>();
  private final Queue<String> complaints = new ConcurrentLinkedQueue<>();
  private String session = "";

  private Chromium(Process process, Path profile, URI devTools) throws Exception {
    this.process = process;
    this.profile = profile;
    this.socket =
        HttpClient.newHttpClient()
            .newWebSocketBuilder()
            .buildAsync(devTools, new Listening())
            .get(LONG.toSeconds(), TimeUnit.SECONDS);
  }

  /** Where the browser is: as -Dweft.chromium says, or on the PATH; null if there is none. */
  static @Nullable Path find() {
    String told = System.getProperty("weft.chromium");
    if (told != null) {
      return Path.of(told);
    }
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      for (String name : NAMES) {
        Path file = Path.of(folder, name);
        if (Files.isExecutable(file)) {
          return file;
        }
      }
    }
    return null;
  }

  /** Starts it, with a page that shows nothing yet. */
  static Chromium start(Path program, int width, int height) throws Exception {
    Path profile = Files.createTempDirectory("weft-chromium");
    Process process =
        new ProcessBuilder(
                program.toString(),
                "--headless=new",
                "--no-sandbox", // the page is ours, and root has no sandbox
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--hide-scrollbars",
                "--user-data-dir=" + profile,
                "--window-size=" + width + "," + height,
                "--remote-debugging-port=0",
                "about:blank")
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(profile.resolve("errors").toFile())
            .start();
    try {
      Chromium chromium = new Chromium(process, profile, devTools(process, profile));
      String target =
          first(TARGET, chromium.call("Target.createTarget", "\"url\":\"about:blank\""));
      chromium.session =
          first(
              SESSION,
              chromium.call(
                  "Target.attachToTarget", "\"targetId\":\"" + target + "\",\"flatten\":true"));
      chromium.call("Page.enable", "");
      chromium.call("Runtime.enable", "");
      chromium.call("Log.enable", "");
      chromium.call(
          "Emulation.setDeviceMetricsOverride",
          "\"width\":"
              + width
              + ",\"height\":"
              + height
              + ",\"deviceScaleFactor\":1,\"mobile\":false");
      return chromium;
    } catch (Throwable failure) {
      end(process, profile);
      throw failure;
    }
  }

  /** The browser writes where it listens into a file of its profile. */
  private static URI devTools(Process process, Path profile) throws Exception {
    Path file = profile.resolve("DevToolsActivePort");
    long end = System.nanoTime() + LONG.toNanos();
    while (true) {
      List<String> lines = Files.exists(file) ? Files.readAllLines(file) : List.of();
      if (lines.size() >= 2) {
        return URI.create("ws://127.0.0.1:" + lines.get(0) + lines.get(1));
      }
      if (!process.isAlive() || System.nanoTime() - end > 0) {
        throw new IOException(
            "Chromium did not start: " + Files.readString(profile.resolve("errors")));
      }
      Thread.sleep(10);
    }
  }

  private static String first(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(text);
    if (!matcher.find()) {
      throw new AssertionError("no " + pattern + " in " + text);
    }
    return matcher.group(1);
  }

  // ---- the protocol

  /**
   * Calls a method.
   *
   * @param parameters members of an object, as JSON
   */
  String call(String method, String parameters) throws Exception {
    int id = last.incrementAndGet();
    CompletableFuture<String> reply = new CompletableFuture<>();
    replies.put(id, reply);
    String of = session.isEmpty() ? "" : ",\"sessionId\":\"" + session + '"';
    String text =
        "{\"id\":" + id + of + ",\"method\":\"" + method + "\",\"params\":{" + parameters + "}}";
    socket.sendText(text, true).get(LONG.toSeconds(), TimeUnit.SECONDS);
    String answer = reply.get(LONG.toSeconds(), TimeUnit.SECONDS);
    if (answer.contains("\"error\":{")) {
      throw new AssertionError(method + ": " + answer);
    }
    return answer;
  }

  private final class Listening implements WebSocket.Listener {
    private final StringBuilder message = new StringBuilder();

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket from, CharSequence part, boolean isLast) {
      message.append(part);
      if (isLast) {
        take(message.toString());
        message.setLength(0);
      }
      from.request(1);
      return null;
    }
  }

  private void take(String message) {
    Matcher id = ID.matcher(message);
    if (id.find()) {
      CompletableFuture<String> reply = replies.remove(Integer.valueOf(id.group(1)));
      if (reply != null) {
        reply.complete(message);
      }
    } else if (message.contains("\"method\":\"Runtime.exceptionThrown\"")
        || (message.contains("\"method\":\"Runtime.consoleAPICalled\"")
            && (message.contains("\"type\":\"error\"") || message.contains("\"type\":\"warning\"")))
        || (message.contains("\"method\":\"Log.entryAdded\"")
            && message.contains("\"level\":\"error\""))) {
      complaints.add(message);
    }
  }

  /** What the page, or the browser of it, has complained of in the console. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  // ---- the page

  void open(URI address) throws Exception {
    call("Page.navigate", "\"url\":" + quoted(address.toString()));
  }

  /** Has a script run in each page from now on, before those of the page. */
  void beforeEachPage(String script) throws Exception {
    call("Page.addScriptToEvaluateOnNewDocument", "\"source\":" + quoted(script));
  }

  /** The value of an expression of JavaScript, as text. */
  String eval(String expression) throws Exception {
    String answer =
        call(
            "Runtime.evaluate",
            "\"returnByValue\":true,\"awaitPromise\":true,\"expression\":"
                + quoted("String(" + expression + ")"));
    if (answer.contains("\"exceptionDetails\":")) {
      throw new AssertionError(expression + ": " + answer);
    }
    Matcher value = Pattern.compile("\"value\":\"((?:[^\"\\\\]|\\\\.)*)\"").matcher(answer);
    return value.find() ? unescaped(value.group(1)) : "";
  }

  private static String unescaped(String text) {
    Matcher escape = Pattern.compile("\\\\(u([0-9a-fA-F]{4})|.)").matcher(text);
    return escape.replaceAll(
        match ->
            Matcher.quoteReplacement(
                match.group(2) != null
                    ? String.valueOf((char) Integer.parseInt(match.group(2), 16))
                    : match.group(1).equals("n") ? "\n" : match.group(1)));
  }

  private static String quoted(String text) {
    return new Json().value(text).toString();
  }

  /** Waits until an expression is true. */
  void until(String expression) throws Exception {
    long end = System.nanoTime() + LONG.toNanos();
    while (!eval(expression).equals("true")) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError(
            "not within "
                + LONG
                + ": "
                + expression
                + "; the page: "
                + eval("document.body.innerText"));
      }
      Thread.sleep(20);
    }
  }

  /** Presses a key, and lets it go. */
  void press(String key) throws Exception {
    String text =
        key.length() == 1
            ? ",\"text\":" + quoted(key)
            : key.equals("Enter") ? ",\"text\":\"\\r\"" : "";
    String code = ",\"windowsVirtualKeyCode\":" + keyCode(key);
    call("Input.dispatchKeyEvent", "\"type\":\"keyDown\",\"key\":" + quoted(key) + code + text);
    call("Input.dispatchKeyEvent", "\"type\":\"keyUp\",\"key\":" + quoted(key) + code);
  }

  private static int keyCode(String key) {
    return switch (key) {
      case "Enter" -> 13;
      case "Tab" -> 9;
      case "Escape" -> 27;
      case "End" -> 35;
      case "Home" -> 36;
      case "ArrowUp" -> 38;
      case "ArrowDown" -> 40;
      case "PageDown" -> 34;
      default -> key.toUpperCase(java.util.Locale.ROOT).charAt(0);
    };
  }

  /** Types into what has the focus. */
  void type(String text) throws Exception {
    call("Input.insertText", "\"text\":" + quoted(text));
  }

  /** Has media queries answer so. */
  void prefer(String feature, String value) throws Exception {
    call(
        "Emulation.setEmulatedMedia",
        "\"features\":[{\"name\":" + quoted(feature) + ",\"value\":" + quoted(value) + "}]");
  }

  /** The page as it is seen, as PNG. */
  byte[] screenshot() throws Exception {
    return Base64.getDecoder()
        .decode(
            first(DATA, call("Page.captureScreenshot", "\"format\":\"png\""))
                .getBytes(StandardCharsets.US_ASCII));
  }

  // ---- the end

  @Override
  public void close() throws Exception {
    socket.abort();
    end(process, profile);
  }

  private static void end(Process process, Path profile) throws Exception {
    List<ProcessHandle> all = new ArrayList<>(process.descendants().toList());
    process.destroy();
    if (!process.waitFor(10, TimeUnit.SECONDS)) {
      process.destroyForcibly();
    }
    all.forEach(ProcessHandle::destroyForcibly);
    try (Stream<Path> files = Files.walk(profile)) {
      files.sorted(Comparator.reverseOrder()).forEach(Chromium::delete);
    } catch (IOException | UncheckedIOException stillWritten) {
      // what the browser is writing yet stays in the folder for temporary files
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException inUse) {
      throw new UncheckedIOException(inUse);
    }
  }
}
