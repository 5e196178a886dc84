import{a,b,c}from"./chunk-QXK3DG6O.js";import"./chunk-TV6LWEZ6.js";import"./chunk-I7AUKTXE.js";export{b as inside,a as most,c as textOf};
