/** Runs and checks what is in this directory: images, Compose, Kubernetes, monitoring. */
package io.fanfold.deploy;
