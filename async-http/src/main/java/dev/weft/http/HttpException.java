package dev.weft.http;

/**
 * Ends a request with a status. Thrown by handlers for what they refuse, and by {@link HttpBody}
 * for a body that is too large or does not come.
 *
 * <pre>{@code
 * if (!request.headers().contains("authorization")) {
 *   throw new HttpException(401, "Who are you?");
 * }
 * }</pre>
 */
public final class HttpException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  /**
   * With a reason.
   *
   * @param status 400 to 599
   * @param reason is sent to the client, as a text
   */
  public HttpException(int status, String reason) {
    // Peers cause these as often as they like, so without a stack trace.
    super(reason, null, false, false);
    if (status < 400 || status > 599) {
      throw new IllegalArgumentException("status: " + status + " is not in 400..599");
    }
    this.status = status;
  }

  /** The status with which the request is answered. */
  public int status() {
    return status;
  }
}
