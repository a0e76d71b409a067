/** Tests of the java agent; those that need its jar run after it is packaged. */
@NullMarked
package dev.weft.weaver.agent;

import org.jspecify.annotations.NullMarked;
