/**
 * The kernels of the device. A family has a file {@code kernels/NAME.cu} among the resources and a class here that plans:
 * it says which kernel runs with which arguments; see README.md of this part of the project.
 */
package org.mocha4j.cuda.internal.kernels;
