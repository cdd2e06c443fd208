/** The file docker-compose.yml, run as its users run it. */
@NullMarked
package io.fanfold.deploy.compose;

import org.jspecify.annotations.NullMarked;
