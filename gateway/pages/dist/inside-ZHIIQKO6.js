import{a,b,c}from"./chunk-R2R2FE6L.js";import"./chunk-EX7DXNCB.js";import"./chunk-I7AUKTXE.js";export{b as inside,a as most,c as textOf};
