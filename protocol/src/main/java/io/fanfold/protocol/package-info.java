/** What travels between the roles: arrays, records and topics. */
@NullMarked
package io.fanfold.protocol;

import org.jspecify.annotations.NullMarked;
