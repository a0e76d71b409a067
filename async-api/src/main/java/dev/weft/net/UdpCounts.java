package dev.weft.net;

/**
 * What a {@link UdpSocket} has done since it was opened. From {@link UdpSocket#counts}:
 *
 * <pre>{@code
 * UdpCounts counts = await(udp.counts());
 * if (counts.droppedByKernel() > 0) {
 *   System.err.println(udp + " is read from too slowly: " + counts);
 * }
 * }</pre>
 *
 * @param received datagrams taken from the kernel
 * @param truncated those of them that were longer than {@link UdpOptions#receiveSize}
 * @param discarded those for which there was no memory
 * @param droppedByKernel those that the kernel had no room for, as nobody took the earlier ones in
 *     time: past {@link UdpOptions#receiveLimit} they wait in the kernel's buffer, of {@link
 *     UdpOptions#receiveBuffer} bytes, and past that they are lost. By Linux with its native
 *     transports; else -1
 * @param sent datagrams that the kernel has taken
 * @param failed datagrams that the kernel has refused
 */
public record UdpCounts(
    long received, long truncated, long discarded, long droppedByKernel, long sent, long failed) {}
