package dev.weft.inspect;

import dev.weft.http.HttpException;
import dev.weft.http.HttpRequest;
import dev.weft.http.HttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.cookie.Cookie;
import io.netty.handler.codec.http.cookie.ServerCookieDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Who may see the page. The rules:
 *
 * <ul>
 *   <li>Nothing can be changed through it, so only GET and HEAD are answered.
 *   <li>Without a token the port is on the loopback, and the {@code Host} has to be a name or an
 *       address of that: else a page from anywhere could have its own name resolve to 127.0.0.1,
 *       and read this one as its own origin (DNS rebinding).
 *   <li>With a token whoever has it may see the page, under any name. It is compared in a time that
 *       does not depend on where it differs.
 *   <li>A browser says of a request whether a page of another origin made it ({@code
 *       Sec-Fetch-Site}); data are not for such, which could not read them, but could have scans
 *       made.
 * </ul>
 *
 * <p>The token comes in the URL once. The answer to that has a cookie, with a secret of this start
 * and not the token, and the page takes the token out of the address bar. There is no redirection,
 * as a browser that has followed a link from elsewhere sends no {@code SameSite=Strict} cookie with
 * that. Programs may send {@code Authorization: Bearer TOKEN} instead.
 */
final class Access {
  /** 96 bits, if somebody has drawn it in hexadecimal digits at random. */
  static final int LEAST_TOKEN = 24;

  static final int MOST_TOKEN = 512;
  private static final int MOST_TARGET = 4000;
  private static final String BEARER = "Bearer ";

  private static final Pattern LOOPBACK =
      Pattern.compile("(localhost|127(\\.[0-9]{1,3}){3}|\\[::1\\])(:[0-9]{1,5})?");

  private static final Set<String> OTHER_SITES = Set.of("cross-site", "same-site");

  private final byte @Nullable [] token;
  private final String cookieName;
  private final String secret;

  /**
   * @param token null if everybody on this machine may see the page
   * @param port cookies are for all ports of a host, so it is in the name
   */
  Access(@Nullable String token, int port) {
    this.token = token == null ? null : token.getBytes(StandardCharsets.UTF_8);
    this.cookieName = "weft-inspector-" + port;
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    this.secret = Base64.getUrlEncoder().withoutPadding().encodeToString(random);
  }

  /**
   * Refuses who may not see it.
   *
   * @return whether the one who asks has shown the token in the URL, and is to get the cookie
   * @throws HttpException if it is refused
   */
  boolean check(HttpRequest request, boolean data) {
    String method = request.method();
    if (!method.equals("GET") && !method.equals("HEAD")) {
      throw new HttpException(405, "Only GET and HEAD: nothing can be changed here");
    }
    if (request.target().length() > MOST_TARGET) {
      throw new HttpException(414, "The target has more than " + MOST_TARGET + " characters");
    }
    if (data && OTHER_SITES.contains(field(request, "sec-fetch-site"))) {
      throw new HttpException(403, "Not for pages of other origins");
    }
    byte[] expected = token;
    if (expected == null) {
      String host = field(request, HttpHeaderNames.HOST).toLowerCase(Locale.ROOT);
      if (!LOOPBACK.matcher(host).matches()) {
        throw new HttpException(
            403,
            "The inspector answers to localhost and 127.0.0.1 only. To reach it by another name,"
                + " start it with a token");
      }
      return false;
    }
    if (isBearer(request, expected) || hasCookie(request)) {
      return false;
    }
    // Of data it is not taken from the target, which is logged where an answer fails.
    String given = data ? "" : Query.parameter(request, "token", "", MOST_TOKEN);
    if (!given.isEmpty() && isSame(expected, given)) {
      return true;
    }
    throw new HttpException(
        401, "The inspector needs its token: open /?token=TOKEN, or send it as a Bearer token");
  }

  private static String field(HttpRequest request, CharSequence name) {
    String value = request.headers().get(name);
    return value == null ? "" : value;
  }

  private static boolean isBearer(HttpRequest request, byte[] expected) {
    String field = field(request, HttpHeaderNames.AUTHORIZATION);
    return field.regionMatches(true, 0, BEARER, 0, BEARER.length())
        && isSame(expected, field.substring(BEARER.length()));
  }

  private boolean hasCookie(HttpRequest request) {
    byte[] expected = secret.getBytes(StandardCharsets.UTF_8);
    boolean found = false;
    for (Cookie cookie :
        ServerCookieDecoder.STRICT.decode(field(request, HttpHeaderNames.COOKIE))) {
      if (cookie.name().equals(cookieName)) {
        found |= isSame(expected, cookie.value());
      }
    }
    return found;
  }

  private static boolean isSame(byte[] expected, String given) {
    return MessageDigest.isEqual(expected, given.getBytes(StandardCharsets.UTF_8));
  }

  /** Has the browser keep that it may see the page, until it ends. */
  void admit(HttpResponse response) {
    response.header(
        "set-cookie", cookieName + "=" + secret + "; Path=/; HttpOnly; SameSite=Strict");
  }
}
