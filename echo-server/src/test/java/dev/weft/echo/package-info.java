/** The server as its users have it: a process that is started, talked to and told to end. */
@NullMarked
package dev.weft.echo;

import org.jspecify.annotations.NullMarked;
