/**
 * Names and addresses: looking them up, trying several ({@link
 * dev.weft.net.address.HappyEyeballs}), and naming them in what sockets fail with ({@link
 * dev.weft.net.address.SocketErrors}).
 */
@NullMarked
package dev.weft.net.address;

import org.jspecify.annotations.NullMarked;
