import{d as a,e as b,f as c}from"./chunk-DAWOEMY5.js";import"./chunk-I7AUKTXE.js";export{b as inside,a as most,c as textOf};
