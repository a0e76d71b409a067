package dev.weft.net;

import dev.weft.handoff.HandOff;

/** What a socket has received and nobody has asked for yet. */
final class DatagramInbox extends HandOff<Datagram> {
  private final UdpSocket socket;

  /** What an empty one counts for, so that their number is limited too. */
  private final int least;

  DatagramInbox(UdpSocket socket, UdpOptions options) {
    super(options.receiveLimit());
    this.socket = socket;
    this.least =
        (int)
            (((long) options.receiveLimit() + options.receiveDatagrams() - 1)
                / options.receiveDatagrams());
  }

  @Override
  protected int weigh(Datagram datagram) {
    // Its length when it came, and not what its taker may have read of it before giving it back.
    return Math.max(least, datagram.content().capacity());
  }

  @Override
  protected void discard(Datagram datagram) {
    datagram.content().release();
  }

  @Override
  protected void onFullChanged() {
    socket.intake().updateInterest();
  }

  @Override
  protected void onWaiting() {
    socket.onReceiveWaiting();
  }

  @Override
  protected String wanted() {
    return "a datagram at " + socket;
  }

  @Override
  protected String busy() {
    return socket
        + ": receive() while another receive of the same socket is waiting; await that one first";
  }
}
