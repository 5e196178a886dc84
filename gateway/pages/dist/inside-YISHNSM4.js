import{d as a,e as b,f as c}from"./chunk-PXGHNFUY.js";import"./chunk-I7AUKTXE.js";export{b as inside,a as most,c as textOf};
