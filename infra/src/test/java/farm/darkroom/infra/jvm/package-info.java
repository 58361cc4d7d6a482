/** How tests start JVMs. What runs in them is no matter of this package. */
package farm.darkroom.infra.jvm;
