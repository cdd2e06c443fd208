/** Renders what is in {@code deploy/kubernetes} and checks it: against the schemas of the API, and against the product. */
package io.fanfold.deploy.kubernetes;
