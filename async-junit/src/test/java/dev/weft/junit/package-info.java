/**
 * The extension, run by JUnit's test kit over classes that are nested in these tests, where no
 * build tool looks for tests. The module is woven as a user's tests are.
 */
package dev.weft.junit;
